#pragma once

#include "actors/accounts.hpp"
#include "actors/store.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_hasher.hpp"
#include "tests/actors/fake_storage.hpp"

namespace muster::test {

/// The accounts of a server that has just been started, with a store in memory.
struct some_accounts : actor_world {
  std::shared_ptr<fake_storage> disk = std::make_shared<fake_storage>();
  std::shared_ptr<hashing> hashes = std::make_shared<hashing>();
  store_actor documents = start<store>(std::shared_ptr<storage>{disk});
  hasher_actor secrets = start<fake_hasher>(hashes);
  accounts_actor testee = start<accounts>(documents, secrets);

  void restart() {
    exit(testee);
    testee = start<accounts>(documents, secrets);
  }

  answer<user> create(const std::string& name, role role = role::viewer,
                      const std::string& password = "password") {
    return ask<user>(testee, create_user{name, password, role});
  }
  answer<signed_in> sign_in_as(const std::string& name, const std::string& password = "password",
                               const std::string& address = "10.0.0.1") {
    return ask<signed_in>(testee, sign_in{name, password, address});
  }
  answer<user> set_password(const std::string& name, const std::string& password) {
    return ask<user>(testee, edit_user{name, password, std::nullopt});
  }
  answer<user> set_role(const std::string& name, role role) {
    return ask<user>(testee, edit_user{name, std::nullopt, role});
  }
  answer<done> drop_user(const std::string& name) { return ask<done>(testee, delete_user{name}); }
  answer<token_created> create_token_named(const std::string& name, role role = role::viewer,
                                           const std::string& token = "") {
    return ask<token_created>(testee, create_token{name, role, token});
  }
  answer<identity> who_has_token(const std::string& token) {
    return ask<identity>(testee, authenticate{token, ""});
  }
  answer<identity> who_has_cookie(const std::string& cookie) {
    return ask<identity>(testee, authenticate{"", cookie});
  }
};

} // namespace muster::test
