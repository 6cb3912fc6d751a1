// RawClient: the client's side of a connection as plain POSIX sockets, for tests of the carrier.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mishap {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval limit{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { Close(); }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  bool Connected() const { return connected_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // One response: head and as many body bytes as it announces. "" when the connection ended before.
  std::string Receive(bool has_body = true) {
    std::size_t end = std::string::npos;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) return std::exchange(in_, {});
    }
    end += 4;
    std::size_t length = in_.find("Content-Length: ");
    if (has_body && length < end) end += std::stoul(in_.substr(length + 16));
    while (in_.size() < end) {
      if (!More()) return std::exchange(in_, {});
    }
    std::string response = in_.substr(0, end);
    in_.erase(0, end);
    return response;
  }
  // Without waiting.
  bool HasAnswer() const {
    char byte = 0;
    return ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
  }
  // What has come and not been received yet, with the next bytes; "" when the connection ended.
  std::string ReceiveSome() {
    if (in_.empty()) More();
    return std::exchange(in_, {});
  }
  // True when the server ended the connection in order (no reset).
  bool AtEnd() {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) == 0;
  }

 private:
  bool More() {
    char chunk[16384];
    ssize_t n = ::recv(fd_, chunk, sizeof chunk, 0);
    if (n <= 0) return false;
    in_.append(chunk, static_cast<std::size_t>(n));
    return true;
  }
  int fd_;
  bool connected_ = false;
  std::string in_;
};

}  // namespace mishap
