// libcurl for Swift, which cannot call functions with a variable number of arguments: for each type of option a
// function of its own. Nothing else is added.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <sys/socket.h>

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_number(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value);
/// The list must outlive the transfer.
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value);
/// For CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_READFUNCTION.
CURLcode ccurl_set_data_callback(CURL *handle, CURLoption option, ccurl_data_callback callback);
CURLcode ccurl_set_progress(CURL *handle, curl_xferinfo_callback callback);
CURLcode ccurl_set_open_socket(CURL *handle, curl_opensocket_callback callback);

CURLcode ccurl_get_number(CURL *handle, CURLINFO info, long *value);
/// The whole of an address that a socket is to be opened for: `addr` is only its beginning.
const struct sockaddr *ccurl_socket_address(const struct curl_sockaddr *address);

#endif
