#include "net/grpc/http2_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace mishap {
namespace {

constexpr std::uint32_t kHeaderTableBytes = 4096;
constexpr std::size_t kSettingsMax = 32;
constexpr std::size_t kOutboundAcksMax = 100;
constexpr double kRefusedBlockCost = 50;  // a header block that is too large, in control frames

nghttp2_nv FieldOf(const std::pair<std::string, std::string>& field) {
  nghttp2_nv nv{};
  // nghttp2 copies both and changes neither.
  nv.name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.first.data()));
  nv.value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.second.data()));
  nv.namelen = field.first.size();
  nv.valuelen = field.second.size();
  nv.flags = NGHTTP2_NV_FLAG_NONE;
  return nv;
}

std::vector<nghttp2_nv> FieldsOf(const HttpHeaders& fields) {
  std::vector<nghttp2_nv> all;
  all.reserve(fields.size());
  for (const auto& field : fields) all.push_back(FieldOf(field));
  return all;
}

std::string_view View(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

struct Http2Session::Callbacks {
  static Http2Session& Self(void* user) { return *static_cast<Http2Session*>(user); }

  static int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& self = Self(user);
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    self.streams_[frame->hd.stream_id] = std::make_unique<GrpcStream>(
        self.carrier_, self, self.connection_, frame->hd.stream_id, self.peer_ip_, self.now_);
    return 0;
  }

  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                      std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                      std::uint8_t, void* user) {
    Http2Session& self = Self(user);
    GrpcStream* stream = self.Find(frame->hd.stream_id);
    if (stream == nullptr || stream->AddField(View(name, name_size), View(value, value_size))) {
      return 0;
    }
    // The block is read to its end, or the compression state of the connection would be lost.
    if (!self.TakeToken(kRefusedBlockCost)) return NGHTTP2_ERR_CALLBACK_FAILURE;
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }

  static int OnBeginFrame(nghttp2_session*, const nghttp2_frame_hd* head, void* user) {
    Http2Session& self = Self(user);
    if (head->type == NGHTTP2_HEADERS || head->type == NGHTTP2_CONTINUATION) {
      if (!self.in_block_) self.block_started_ = self.now_;
      self.in_block_ = (head->flags & NGHTTP2_FLAG_END_HEADERS) == 0;
      // More calls than may be open: each is refused, not too many of them.
      const bool refused = self.streams_.size() >= self.carrier_.options.streams_max;
      return refused && !self.TakeToken(1) ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
    }
    const bool says_nothing = head->type == NGHTTP2_DATA && head->length == 0 &&
                              (head->flags & NGHTTP2_FLAG_END_STREAM) == 0;
    const bool counts = head->type != NGHTTP2_DATA && head->type != NGHTTP2_WINDOW_UPDATE;
    // Window updates are many and honest while an answer is read: they cost a tenth.
    const double cost = head->type == NGHTTP2_WINDOW_UPDATE ? 0.1 : 1.0;
    if ((counts || says_nothing || cost < 1) && !self.TakeToken(cost)) {
      return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    return 0;
  }

  static int OnFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& self = Self(user);
    const std::uint8_t type = frame->hd.type;
    if (type == NGHTTP2_SETTINGS) self.greeted_ = true;
    if (type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) self.pinging_ = false;
    if (type != NGHTTP2_DATA && type != NGHTTP2_HEADERS) return 0;
    GrpcStream* stream = self.Find(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    if (type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      stream->OnHeadersDone(self.now_);
    }
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->OnEnd(self.now_);
    return 0;
  }

  static int OnData(nghttp2_session* session, std::uint8_t, std::int32_t id,
                    const std::uint8_t* bytes, std::size_t size, void* user) {
    Http2Session& self = Self(user);
    nghttp2_session_consume_connection(session, size);
    if (GrpcStream* stream = self.Find(id)) stream->OnData(View(bytes, size), self.now_);
    return 0;
  }

  static int OnClose(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    Self(user).streams_.erase(id);
    return 0;
  }

  // Our last word was sent before the client's: it need not send the rest.
  static int OnSent(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    const bool last =
        frame->hd.type == NGHTTP2_HEADERS && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (!last) return 0;
    GrpcStream* stream = Self(user).Find(frame->hd.stream_id);
    if (stream != nullptr && !stream->RequestEnded()) {
      nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
  }

  static ssize_t ReadAnswer(nghttp2_session* session, std::int32_t id, std::uint8_t* to,
                            std::size_t bytes_max, std::uint32_t* flags, nghttp2_data_source*,
                            void* user) {
    GrpcStream* stream = Self(user).Find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    bool done = false;
    const std::size_t bytes = stream->TakeOutput(reinterpret_cast<char*>(to), bytes_max, done);
    if (bytes == 0 && !done) return NGHTTP2_ERR_DEFERRED;
    if (done) {
      *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const HttpHeaders trailers = stream->Trailers();
      const auto fields = FieldsOf(trailers);
      nghttp2_submit_trailer(session, id, fields.data(), fields.size());
    }
    return static_cast<ssize_t>(bytes);
  }

  static nghttp2_session* NewSession(Http2Session& self) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, OnBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, OnHeader);
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, OnBeginFrame);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, OnFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, OnClose);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, OnSent);
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_max_settings(option, kSettingsMax);
    nghttp2_option_set_max_outbound_ack(option, kOutboundAcksMax);
    nghttp2_session* session = nullptr;
    nghttp2_session_server_new2(&session, callbacks, &self, option);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    return session;
  }
};

Http2Session::Http2Session(GrpcCarrier& carrier, std::uint64_t connection, std::string peer_ip,
                           Time now)
    : carrier_(carrier),
      connection_(connection),
      peer_ip_(std::move(peer_ip)),
      now_(now),
      opened_(now),
      last_bytes_(now),
      last_stream_(now),
      tokens_(carrier.options.control_frames_burst),
      refilled_(now) {
  session_ = Callbacks::NewSession(*this);
  const GrpcServerOptions& options = carrier.options;
  const std::array<nghttp2_settings_entry, 4> settings = {{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.streams_max},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.window_bytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options.metadata_bytes_max},
      {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, kHeaderTableBytes},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                        static_cast<std::int32_t>(options.connection_window_bytes));
}

Http2Session::~Http2Session() {
  streams_.clear();
  nghttp2_session_del(session_);
}

bool Http2Session::TakeToken(double cost) {
  const GrpcServerOptions& options = carrier_.options;
  const double seconds = std::chrono::duration<double>(now_ - refilled_).count();
  refilled_ = now_;
  tokens_ =
      std::min(options.control_frames_burst, tokens_ + seconds * options.control_frames_per_second);
  tokens_ -= cost;
  if (tokens_ >= 0) return true;
  carrier_.abuse.Add();
  Close(NGHTTP2_ENHANCE_YOUR_CALM, "too_many_pings");
  return false;
}

// The GOAWAY is queued; whoever feeds us sends it and closes.
void Http2Session::Close(std::uint32_t error, std::string_view why) {
  if (closed_) return;
  closed_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_), error,
                        reinterpret_cast<const std::uint8_t*>(why.data()), why.size());
}

GrpcStream* Http2Session::Find(std::int32_t stream) {
  auto it = streams_.find(stream);
  return it == streams_.end() ? nullptr : it->second.get();
}

bool Http2Session::Feed(std::string_view bytes, Time now) {
  if (closed_) return false;
  now_ = now;
  last_bytes_ = now;
  pinging_ = false;
  const ssize_t used = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (!streams_.empty()) last_stream_ = now;
  if (used < 0) closed_ = true;  // nghttp2 has its own GOAWAY ready where there is one to send
  return !closed_;
}

void Http2Session::Output(std::string& out, std::size_t bytes_max) {
  while (out.size() < bytes_max) {
    const std::uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    if (size <= 0) return;
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  }
}

bool Http2Session::Over() const {
  return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

bool Http2Session::CheckTimes(Time now) {
  now_ = now;
  const GrpcServerOptions& options = carrier_.options;
  std::string_view why;
  if (!greeted_ && now > opened_ + options.preface_timeout) why = "no_settings";
  if (in_block_ && now > block_started_ + options.headers_timeout) why = "slow_headers";
  if (pinging_ && now > pinged_ + options.keepalive_timeout) why = "keepalive_timeout";
  if (!why.empty()) {
    carrier_.timeouts.Add();
    Close(NGHTTP2_NO_ERROR, why);
    return false;
  }
  if (greeted_ && !pinging_ && now > last_bytes_ + options.keepalive_time) {
    pinging_ = true;
    pinged_ = now;
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  }
  for (auto& [id, stream] : streams_) stream->CheckTimes(now);
  if (!streams_.empty()) last_stream_ = now;
  if (now > last_stream_ + options.connection_idle) GoAway();
  if (notified_ && !leaving_) {
    leaving_ = true;
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                          nullptr, 0);
  }
  return true;
}

void Http2Session::GoAway() {
  if (std::exchange(notified_, true)) return;
  nghttp2_submit_shutdown_notice(session_);
}

void Http2Session::Step(std::int32_t stream, const GrpcStep& step) {
  if (GrpcStream* found = Find(stream)) found->Step(step);
}

void Http2Session::SubmitHead(std::int32_t stream, const HttpHeaders& fields, bool end) {
  const auto all = FieldsOf(fields);
  nghttp2_data_provider answer{};
  answer.read_callback = Callbacks::ReadAnswer;
  nghttp2_submit_response(session_, stream, all.data(), all.size(), end ? nullptr : &answer);
}

void Http2Session::ResumeData(std::int32_t stream) {
  nghttp2_session_resume_data(session_, stream);
}

void Http2Session::ConsumeWindow(std::int32_t stream, std::size_t bytes) {
  nghttp2_session_consume_stream(session_, stream, bytes);
}

void Http2Session::Reset(std::int32_t stream) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
}

}  // namespace mishap
