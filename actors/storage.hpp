#pragma once

#include "messages/message.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// What kinds of documents are kept.
enum class document_kind : std::uint8_t { channel, user, token, setting };

/// A document: its key and its stored bytes.
struct document {
  std::string key;
  std::string body;
};

/// Durable state, as the store actor sees it; implemented by storage/. One thread at a time.
class storage {
public:
  virtual ~storage() = default;
  /// All documents of a kind, by key.
  virtual caf::expected<std::vector<document>> load(document_kind kind) = 0;
  /// Opens a transaction; writes before `commit` are all or nothing.
  virtual caf::error begin() = 0;
  virtual caf::error put(document_kind kind, const std::string& key, std::string_view body) = 0;
  virtual caf::error erase(document_kind kind, const std::string& key) = 0;
  /// Returns when the transaction is on the disk.
  virtual caf::error commit() = 0;
  virtual void rollback() = 0;
};

} // namespace muster
