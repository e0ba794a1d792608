/// One file as the body of a form, as browsers send it.
///
/// - SeeAlso: RFC 7578.
struct MultipartForm {
    let contentType: String
    let body: [UInt8]

    init(file content: [UInt8]) {
        // The boundary must not occur in the content, and a hash of the content does not.
        let boundary = "zkpot-" + ContentIdentifier(of: Array("boundary".utf8) + content).description
        contentType = "multipart/form-data; boundary=" + boundary
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"block\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
        body = Array(head.utf8) + content + Array("\r\n--\(boundary)--\r\n".utf8)
    }
}
