internal import CCurl

/// The header fields of a request in libcurl's form; freed with the list.
@safe final class HeaderList {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    init(_ request: HTTPRequest) throws(HTTPClientError) {
        // libcurl would wait up to a second for "100 Continue" before a longer body.
        var lines = ["Expect:"]
        for (name, value) in request.headers {
            let line = name + ": " + value
            guard !name.isEmpty, !line.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else {
                throw HTTPClientError(.invalidRequest, "The header field '\(name)' cannot be sent.")
            }
            lines.append(line)
        }
        for line in lines {
            // On failure deinit frees what there is: every property has its value.
            guard let longer = unsafe curl_slist_append(first, line) else {
                throw HTTPClientError(.invalidRequest, "Out of memory.")
            }
            unsafe first = longer
        }
    }

    deinit { unsafe curl_slist_free_all(first) }
}
