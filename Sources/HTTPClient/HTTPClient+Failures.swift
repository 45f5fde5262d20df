internal import CCurl

/// What libcurl's codes mean to callers.
extension HTTPClient {
    func failure(_ code: CURLcode, _ transfer: HTTPTransfer) -> HTTPClientError {
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            var number = 0
            _ = unsafe ccurl_get_number(handle, CURLINFO_OS_ERRNO, &number)
            let errno = Int32(truncatingIfNeeded: number)
            return HTTPClientError(.cannotConnect, errno: errno, errno == 0 ? sentence(code) : systemMessage(errno))
        case CURLE_PROXY, CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
            return HTTPClientError(.cannotConnect, sentence(code))
        case CURLE_OPERATION_TIMEDOUT:
            // Nothing was sent: packets are dropped on the way, or the name is not resolved.
            var microseconds: curl_off_t = 0
            _ = unsafe ccurl_get_offset(handle, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
            return microseconds == 0
                ? HTTPClientError(.cannotConnect, "No connection in time.")
                : HTTPClientError(.timedOut, "No answer in time.")
        case CURLE_WRITE_ERROR where transfer.isTooLarge:
            return HTTPClientError(.tooLarge, "The answer is longer than \(transfer.limit) bytes.")
        case CURLE_WRITE_ERROR where transfer.isUnwanted:
            return HTTPClientError(.cancelled, "The answer was not wanted to its end.")
        case CURLE_URL_MALFORMAT: return HTTPClientError(.invalidRequest, sentence(code))
        default: return HTTPClientError(.protocolViolation, sentence(code))
        }
    }

    func sentence(_ code: CURLcode) -> String { unsafe String(cString: curl_easy_strerror(code)) + "." }
}
