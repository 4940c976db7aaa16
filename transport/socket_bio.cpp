#include "transport/socket_bio.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace weft::transport {

namespace {

byte_stream::wire& wire_of(BIO* bio) {
  return *static_cast<byte_stream::wire*>(BIO_get_data(bio));
}

int bio_write(BIO* bio, const char* from, int bytes) {
  BIO_clear_retry_flags(bio);
  auto& wire = wire_of(bio);
  const auto count = transmit(wire, from, static_cast<std::size_t>(bytes));
  if (count < 0 && wire.error == EAGAIN)
    BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

int bio_read(BIO* bio, char* to, int bytes_max) {
  BIO_clear_retry_flags(bio);
  auto& wire = wire_of(bio);
  const auto count = receive(wire, to, static_cast<std::size_t>(bytes_max));
  if (count < 0 && wire.error == EAGAIN)
    BIO_set_retry_read(bio);
  return static_cast<int>(count);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH)
    return 1;
  if (command == BIO_CTRL_EOF)
    return wire_of(bio).ended ? 1 : 0;
  return 0;
}

BIO_METHOD* make_method() {
  auto* method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "weft socket");
  if (method != nullptr) {
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_ctrl(method, bio_control);
  }
  return method;
}

} // namespace

bio_ptr make_socket_bio(byte_stream::wire& wire) {
  static BIO_METHOD* const method = make_method();
  bio_ptr bio{method == nullptr ? nullptr : BIO_new(method)};
  if (bio) {
    BIO_set_data(bio.get(), &wire);
    BIO_set_init(bio.get(), 1);
  }
  return bio;
}

long receive(byte_stream::wire& wire, void* to, std::size_t bytes_max) {
  long count = 0;
  do
    count = ::recv(wire.socket, to, bytes_max, 0);
  while (count < 0 && errno == EINTR);
  wire.error = count < 0 ? errno : 0;
  wire.ended = count == 0;
  if (count > 0 && wire.heard < wire.first.size()) {
    const auto room = wire.first.size() - wire.heard;
    const auto bytes = std::min(static_cast<std::size_t>(count), room);
    std::copy_n(static_cast<const unsigned char*>(to), bytes,
                wire.first.begin() + static_cast<long>(wire.heard));
    wire.heard += bytes;
  }
  return count;
}

long transmit(byte_stream::wire& wire, const void* from, std::size_t bytes) {
  long count = 0;
  do
    count = ::send(wire.socket, from, bytes, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  wire.error = count < 0 ? errno : 0;
  return count;
}

} // namespace weft::transport
