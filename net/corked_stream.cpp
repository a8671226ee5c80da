#include "net/corked_stream.hpp"

namespace muster {

void teardown(boost::beast::role_type, corked_stream& stream, boost::system::error_code& failure) {
  failure = {};
  stream.finish();
}

void beast_close_socket(corked_stream& stream) {
  stream.close();
}

} // namespace muster
