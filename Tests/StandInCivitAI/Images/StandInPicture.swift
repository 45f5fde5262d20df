/// What the image server sends for an image.
package enum StandInPicture: Sendable, Hashable {
    /// A grey JPEG of the width that was asked for.
    case jpeg
    /// A PNG of 8 by 8 pixels.
    case png
    /// A WebP of one pixel.
    case webp
    /// The beginning of an MP4 file.
    case video
    /// An HTML page with status 200.
    case page
    /// A JPEG with so many bytes behind it.
    case huge(bytes: Int)
    /// 404.
    case missing
}
