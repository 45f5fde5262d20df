/// Small pictures that programs can read.
enum PictureBytes {
    /// A grey JPEG (ITU T.81, baseline): the tables have one code each, so that a block of 8 by 8 pixels is two bits.
    static func jpeg(width: Int, height: Int) -> [UInt8] {
        let (width, height) = (min(max(width, 1), 0xFFFF), min(max(height, 1), 0xFFFF))
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += [0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
        bytes += [0xFF, 0xC0, 0, 11, 8] + bigEndian16(height) + bigEndian16(width) + [1, 1, 0x11, 0]
        // For the differences of the means and for the rest: the code 0 stands for nothing.
        for table: UInt8 in [0x00, 0x10] {
            bytes += [0xFF, 0xC4, 0, 20, table, 1] + [UInt8](repeating: 0, count: 15) + [0]
        }
        bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
        let bits = ((width + 7) / 8) * ((height + 7) / 8) * 2
        bytes += [UInt8](repeating: 0, count: bits / 8)
        // The last byte is filled with ones.
        if bits % 8 != 0 { bytes.append(0xFF >> (bits % 8)) }
        return bytes + [0xFF, 0xD9]
    }

    /// A white PNG of 8 by 8 pixels, of one bit each.
    static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 8, 0,
        0, 0, 8, 1, 0, 0, 0, 0, 0xEC, 0x74, 0x83, 0x26, 0, 0, 0, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78, 0xDA,
        0x63, 0xF8, 0xCF, 0x80, 2, 1, 0x3F, 0xD0, 7, 0xF9, 0x67, 0x2D, 0x49, 0xA1, 0, 0, 0, 0, 0x49, 0x45,
        0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
    ]

    /// A lossless WebP of one pixel.
    static let webp: [UInt8] = [
        0x52, 0x49, 0x46, 0x46, 0x1A, 0, 0, 0, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4C, 0x0D, 0, 0, 0, 0x2F, 0,
        0, 0,
        0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xFE, 0x07, 0,
    ]

    /// The first box of an MP4 file, and an empty second one.
    static let video: [UInt8] =
        [0, 0, 0, 24] + Array("ftypisom".utf8) + [0, 0, 2, 0] + Array("isommp42".utf8) + [0, 0, 0, 8]
        + Array("mdat".utf8)

    private static func bigEndian16(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
}
