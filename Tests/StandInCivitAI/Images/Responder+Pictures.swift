extension Responder {
    /// An image as `/image/:key/:folder/:parameters/:file`, where the parameters are `original=true` or name a width.
    func pictureAnswer() -> Answer {
        guard request.path.count == 5, let name = request.path.last else { return missing }
        let id = Int64(name.prefix { $0 != "." })
        let known = id.flatMap { catalogue[image: $0] }
        // Pictures of creators have names, and are not in the catalogue.
        guard known != nil || id == nil else { return missing }
        let picture = id.flatMap { settings.pictures[$0] } ?? (known?.type == "video" ? .video : .jpeg)
        let (width, height) = (known?.width ?? 96, known?.height ?? 96)
        let wanted = request.imageWidth.map { min($0, width) } ?? width
        let jpeg = PictureBytes.jpeg(width: wanted, height: height * wanted / max(width, 1))
        switch picture {
        case .jpeg: return found(jpeg, "image/jpeg")
        case .png: return found(PictureBytes.png, "image/png")
        case .webp: return found(PictureBytes.webp, "image/webp")
        case .video: return found(PictureBytes.video, "video/mp4")
        case .page: return Answer(status: 200, page: "<!DOCTYPE html><title>No picture</title>")
        case .huge(let bytes):
            var answer = found(jpeg, "image/jpeg")
            answer.content.append(.repeated(0, count: max(0, bytes - jpeg.count)))
            return answer
        case .missing: return missing
        }
    }

    private var missing: Answer {
        Answer(status: 404, headers: [(contentType, "text/plain")], content: Array("Not Found".utf8))
    }

    private func found(_ bytes: [UInt8], _ type: String) -> Answer {
        Answer(headers: [(contentType, type), ("Cache-Control", "public, max-age=31536000")], content: bytes)
    }
}
