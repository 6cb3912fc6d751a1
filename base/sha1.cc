#include "base/sha1.h"

#include <openssl/evp.h>

#include "base/bytes.h"

namespace mishap {

struct Sha1::Context {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(digest); }
};

Sha1::Sha1() : context_(std::make_unique<Context>()) {
  EVP_DigestInit_ex(context_->digest, EVP_sha1(), nullptr);
}
Sha1::~Sha1() = default;

void Sha1::Add(std::string_view bytes) {
  EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size());
}

std::string Sha1::Hex() {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_->digest, out, &size);
  return EncodeHex({reinterpret_cast<const char*>(out), size});
}

std::string Sha1Hex(std::string_view bytes) {
  Sha1 sha1;
  sha1.Add(bytes);
  return sha1.Hex();
}

bool IsSha1Hex(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace mishap
