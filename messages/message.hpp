#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <type_traits>

namespace muster {

/// A struct that actors of one process say to each other: it names itself with `type`.
template <class T>
concept message = requires {
  T::type;
};

/// One entry of a struct's `fields` list, which JSON and the stored bytes are made from.
template <class Struct, class Member>
struct field {
  using member_type = Member;
  const char* name;
  Member Struct::*member;
};

template <class Struct, class Member>
field(const char*, Member Struct::*) -> field<Struct, Member>;

/// A struct with a field list.
template <class T>
concept has_fields = requires {
  T::fields;
};

} // namespace muster

// Messages stay within the process; what crosses its border is turned into JSON or stored bytes.
template <muster::message T>
struct caf::allowed_unsafe_message_type<T> : std::true_type {};
