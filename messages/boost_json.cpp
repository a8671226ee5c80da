// Boost.JSON, compiled once for all rooms: its library is not needed at run time.
#include <boost/json/src.hpp>
