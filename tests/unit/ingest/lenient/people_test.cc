// Forms of breadcrumbs, users, requests, contexts, tags, fingerprints, SDKs, _meta: ingest-protocol
// 6.9 to 6.16.
#include "tests/unit/ingest/lenient/forms.h"

namespace mishap {
namespace {

std::string Repeated(char c, std::size_t times) {
  return std::string(times, c);
}

const Form kBreadcrumbs[] = {
    {"crumbs_list", R"({"breadcrumbs":[{"message":"m","timestamp":1777629500}]})",
     "breadcrumbs.values.0.timestamp", R"("2026-05-01T09:58:20Z")", ""},
    {"crumbs_values", R"({"breadcrumbs":{"values":[{"category":"c"}]}})",
     "breadcrumbs.values.0.category", R"("c")", ""},
    // Absent says type default and level info; the API spells them out.
    {"crumbs_defaults", R"({"breadcrumbs":[{"message":"m","type":null,"level":null}]})",
     "breadcrumbs.values.0", R"({"message":"m"})", ""},
    {"crumbs_level_log", R"({"breadcrumbs":[{"level":"log"}]})", "breadcrumbs.values.0.level",
     R"("info")", ""},
    {"crumbs_level_bad", R"({"breadcrumbs":[{"message":"m","level":{}}]})",
     "breadcrumbs.values.0.level", "", "invalid_data breadcrumbs.0.level"},
    {"crumbs_message_object", R"({"breadcrumbs":[{"message":{"a":1}}]})",
     "breadcrumbs.values.0.message", R"("{\"a\":1}")", ""},
    {"crumbs_data", R"({"breadcrumbs":[{"data":{"a":[1]}}]})", "breadcrumbs.values.0.data.a", "[1]",
     ""},
    {"crumbs_data_list", R"({"breadcrumbs":[{"message":"m","data":[1]}]})",
     "breadcrumbs.values.0.data", "", "invalid_data breadcrumbs.0.data"},
    {"crumbs_no_object", R"({"breadcrumbs":["x",{"message":"m"}]})", "breadcrumbs.values.0.message",
     R"("m")", "invalid_data breadcrumbs.0"},
    {"crumbs_null", R"({"breadcrumbs":[null,{"message":"m"}]})", "breadcrumbs.values.0.message",
     R"("m")", ""},
    {"crumbs_others", R"({"breadcrumbs":[{"event_id":"x","origin":"o"}]})",
     "breadcrumbs.values.0.origin", R"("o")", ""},
};

const Form kUsers[] = {
    {"user_id_number", R"({"user":{"id":4711}})", "user.id", R"("4711")", ""},
    {"user_id_bool", R"({"user":{"id":true}})", "user.id", R"("True")", ""},
    {"user_id_object", R"({"user":{"id":{},"name":"n"}})", "user", R"({"name":"n"})",
     "invalid_data user.id"},
    {"user_nulls", R"({"user":{"id":null,"email":null,"ip_address":null,"username":null}})", "user",
     "", ""},
    {"user_empty", R"({"user":{}})", "user", "", ""},
    {"user_empty_texts", R"({"user":{"id":"","email":" ","name":"n"}})", "user", R"({"name":"n"})",
     ""},
    {"user_unknown_keys", R"({"user":{"id":1,"plan":"pro","data":{"a":1}}})", "user.data",
     R"({"plan":"pro","a":1})", ""},
    {"user_segment", R"({"user":{"id":1,"segment":"beta"}})", "user.data.segment", R"("beta")", ""},
    {"user_geo", R"({"user":{"geo":{"city":"Wien","country_code":"AT"}}})", "user.geo.city",
     R"("Wien")", ""},
    {"user_ip_v4", R"({"user":{"ip_address":"10.0.0.1"}})", "user.ip_address", R"("10.0.0.1")", ""},
    {"user_ip_v6", R"({"user":{"ip_address":"2001:db8::1"}})", "user.ip_address",
     R"("2001:db8::1")", ""},
    {"user_ip_auto", R"({"user":{"ip_address":"{{auto}}"}})", "user.ip_address", R"("203.0.113.7")",
     ""},
    {"user_ip_bad", R"({"user":{"ip_address":"localhost","id":1}})", "user", R"({"id":"1"})",
     "invalid_data user.ip_address"},
    {"user_long_id_noted", "{\"user\":{\"id\":\"" + Repeated('i', 300) + "\"}}", "_meta.user.id",
     R"({"":{"len":300}})", ""},
    {"user_a_text", R"({"user":"ann"})", "user", "", "invalid_data user"},
    {"user_of_a_browser", R"({"platform":"javascript"})", "user.ip_address", R"("203.0.113.7")",
     ""},
    {"user_of_a_server", R"({"platform":"python"})", "user", "", ""},
    {"user_wants_no_address",
     R"({"platform":"javascript","sdk":{"name":"x","settings":{"infer_ip":"never"}}})", "user", "",
     ""},
};

Form RequestForm(std::string_view name, std::string_view request, std::string_view field,
                 std::string_view want, std::string_view errors = "") {
  return {name, "{\"request\":" + std::string(request) + "}", "request." + std::string(field),
          std::string(want), std::string(errors)};
}

const Form kRequests[] = {
    RequestForm("request_url_parts", R"({"url":"https://h/p?a=1&b=%41#top"})", "url",
                R"("https://h/p")"),
    RequestForm("request_url_query", R"({"url":"https://h/p?a=1&b=%41+c#top"})", "query_string",
                R"([["a","1"],["b","A c"]])"),
    RequestForm("request_url_fragment", R"({"url":"https://h/p?a=1#top"})", "fragment", R"("top")"),
    RequestForm("request_own_query_wins", R"({"url":"https://h/p?a=1","query_string":"b=2"})",
                "query_string", R"([["b","2"]])"),
    RequestForm("request_query_mark", R"({"query_string":"?a=1"})", "query_string",
                R"([["a","1"]])"),
    RequestForm("request_query_object", R"({"query_string":{"b":["x"],"a":1}})", "query_string",
                R"([["a","1"],["b","[\"x\"]"]])"),
    RequestForm("request_query_pairs", R"({"query_string":[["b","2"],["a",null]]})", "query_string",
                R"([["b","2"],["a",""]])"),
    RequestForm("request_method", R"({"method":"get"})", "method", R"("GET")"),
    RequestForm("request_method_bad", R"({"method":"a b","url":"/"})", "method", "",
                "invalid_data request.method"),
    RequestForm("request_method_short", R"({"method":"GO","url":"/"})", "method", "",
                "invalid_data request.method"),
    RequestForm("request_data_json_text",
                R"({"data":"{\"a\":1}","headers":{"Content-Type":"application/json"}})", "data",
                R"({"a":1})"),
    RequestForm("request_data_json_type",
                R"({"data":"{\"a\":1}","headers":{"Content-Type":"application/json"}})",
                "inferred_content_type", R"("application/json")"),
    RequestForm(
        "request_data_form",
        R"({"data":"a=1&b=x+y","headers":{"Content-Type":"application/x-www-form-urlencoded"}})",
        "data", R"({"a":"1","b":"x y"})"),
    RequestForm("request_data_text", R"({"data":"plain"})", "data", R"("plain")"),
    RequestForm("request_data_any", R"({"data":[1,{"a":null}]})", "data", R"([1,{"a":null}])"),
    RequestForm("request_cookies_text", R"({"cookies":"a=b; c=%41"})", "cookies",
                R"([["a","b"],["c","A"]])"),
    RequestForm("request_cookies_object", R"({"cookies":{"b":"2","a":"1"}})", "cookies",
                R"([["a","1"],["b","2"]])"),
    RequestForm("request_cookies_pairs", R"({"cookies":[["b","2"],["a","1"]]})", "cookies",
                R"([["b","2"],["a","1"]])"),
    RequestForm("request_cookie_header", R"({"headers":{"Cookie":"a=b","x":"y"}})", "cookies",
                R"([["a","b"]])"),
    RequestForm("request_cookie_header_goes", R"({"headers":{"Cookie":"a=b","x":"y"}})", "headers",
                R"([["X","y"]])"),
    RequestForm("request_header_names", R"({"headers":{"content-TYPE":"a","x-real-ip":1}})",
                "headers", R"([["Content-TYPE","a"],["X-Real-Ip","1"]])"),
    RequestForm("request_header_lists", R"({"headers":{"accept":["a","b",1]}})", "headers",
                R"([["Accept","a,b,1"]])"),
    RequestForm("request_header_pairs", R"({"headers":[["b","1"],["a","2"],["b","3"]]})", "headers",
                R"([["B","1"],["A","2"],["B","3"]])"),
    RequestForm("request_env", R"({"env":{"REMOTE_ADDR":"{{auto}}","A":1}})", "env",
                R"({"REMOTE_ADDR":"203.0.113.7","A":1})"),
    {"request_headers_too_many_noted",
     R"({"request":{"headers":{"A":")" + Repeated('h', 9000) + R"("}}})", "_meta.request.headers",
     R"({"":{"rem":[["!limit","s"]]}})", ""},
    RequestForm("request_others", R"({"url":"/","body_size":7,"api_target":"graphql"})",
                "api_target", R"("graphql")"),
    {"request_env_is_the_users_address", R"({"request":{"env":{"REMOTE_ADDR":"10.0.0.9"}}})",
     "user.ip_address", R"("10.0.0.9")", ""},
    {"request_a_list", R"({"request":[1]})", "request", "", "invalid_data request"},
    {"request_user_agent",
     R"({"request":{"headers":{"user-agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"}}})",
     "contexts.browser", R"({"name":"Chrome","version":"120.0.0"})", ""},
};

const Form kContexts[] = {
    {"contexts_null", R"({"contexts":{"os":null,"app":{"a":1}}})", "contexts", R"({"app":{"a":1}})",
     ""},
    {"contexts_a_text", R"({"contexts":{"go":"1.22","app":{"a":1}}})", "contexts",
     R"({"app":{"a":1}})", "invalid_data contexts.go"},
    {"contexts_unknown", R"({"contexts":{"mine":{"deep":[{"a":1}]}}})", "contexts.mine",
     R"({"deep":[{"a":1}]})", ""},
    {"contexts_two_of_a_type", R"({"contexts":{"runtime2":{"type":"runtime","name":"v8"}}})",
     "contexts.runtime2.type", R"("runtime")", ""},
    {"contexts_trace_upper_case",
     R"({"contexts":{"trace":{"trace_id":"0123456789ABCDEF0123456789ABCDEF","span_id":"0123456789ABCDEF"}}})",
     "contexts.trace",
     R"({"trace_id":"0123456789abcdef0123456789abcdef","span_id":"0123456789abcdef"})", ""},
    {"contexts_trace_bad", R"({"contexts":{"trace":{"trace_id":"xyz","op":"o"}}})",
     "contexts.trace", R"({"op":"o"})", ""},
    {"contexts_flags", R"({"contexts":{"flags":{"values":[{"flag":"a","result":true}]}}})",
     "contexts.flags.values.0.flag", R"("a")", ""},
    {"contexts_os_raw_description",
     R"({"contexts":{"os":{"raw_description":"Microsoft Windows 10.0.22631"}}})",
     "contexts.os.name", R"("Windows")", ""},
    {"contexts_runtime_raw_description",
     R"({"contexts":{"runtime":{"raw_description":".NET Core 3.1.4"}}})", "contexts.runtime",
     R"({"raw_description":".NET Core 3.1.4","name":".NET Core","version":"3.1.4"})", ""},
};

const Form kTags[] = {
    {"tags_object", R"({"tags":{"b":"2","a":"1"}})", "tags", R"([["a","1"],["b","2"]])", ""},
    {"tags_pairs", R"({"tags":[["b","2"],["a","1"]]})", "tags", R"([["b","2"],["a","1"]])", ""},
    {"tags_kinds", R"({"tags":{"a":1,"b":true,"c":1.9}})", "tags",
     R"([["a","1"],["b","True"],["c","1"]])", ""},
    {"tags_null", R"({"tags":{"a":null,"b":"x"}})", "tags", R"([["b","x"]])", ""},
    {"tags_object_value", R"({"tags":{"a":{},"b":"x"}})", "tags", R"([["b","x"]])",
     "invalid_data tags.a"},
    {"tags_blank_in_key", R"({"tags":{" my key ":"x"}})", "tags", R"([["my-key","x"]])", ""},
    {"tags_bad_key", R"({"tags":{"a/b":"x"}})", "tags", "", "invalid_data tags"},
    {"tags_empty_value", R"({"tags":{"a":"  "}})", "tags", "", ""},
    {"tags_line_feed", R"({"tags":{"a":"x\ny"}})", "tags", R"([["a","x y"]])", ""},
    {"tags_long_value", "{\"tags\":{\"a\":\"" + Repeated('v', 201) + "\"}}", "tags",
     "[[\"a\",\"" + Repeated('v', 197) + "...\"]]", ""},
    {"tags_long_value_noted", "{\"tags\":{\"a\":\"1\",\"b\":\"" + Repeated('v', 201) + "\"}}",
     "_meta.tags.1.1", R"({"":{"len":201}})", ""},
    {"tags_first_wins", R"({"tags":[["a","1"],["a","2"]]})", "tags", R"([["a","1"]])", ""},
    {"tags_reserved",
     R"({"tags":{"release":"1","dist":"2","user":"3","filename":"4","function":"5","device.class":"6"}})",
     "tags", "", ""},
    {"tags_a_text", R"({"tags":"x"})", "tags", "", "invalid_data tags"},
};

const Form kFingerprints[] = {
    {"fingerprint", R"({"fingerprint":["a","b"]})", "fingerprint", R"(["a","b"])", ""},
    {"fingerprint_kinds", R"({"fingerprint":["a",1,true,2.5,null]})", "fingerprint",
     R"(["a","1","True","2"])", ""},
    {"fingerprint_default", R"({"fingerprint":["{{default}}"]})", "fingerprint", "", ""},
    {"fingerprint_default_and_more", R"({"fingerprint":["{{  default }}","x"]})", "fingerprint",
     R"(["{{ default }}","x"])", ""},
    {"fingerprint_text", R"({"fingerprint":"a"})", "fingerprint", "", "invalid_data fingerprint"},
    {"fingerprint_empty", R"({"fingerprint":[]})", "fingerprint", "", ""},
    {"fingerprint_object_part", R"({"fingerprint":["a",{}]})", "fingerprint", R"(["a"])",
     "invalid_data fingerprint.1"},
};

const Form kSdks[] = {
    {"sdk",
     R"({"sdk":{"name":"s","version":"1","integrations":["a",null],"packages":[{"name":"p","version":"2"}]}})",
     "sdk",
     R"({"name":"s","version":"1","integrations":["a"],"packages":[{"name":"p","version":"2"}]})",
     ""},
    {"sdk_others", R"({"sdk":{"name":"s","features":["f"]}})", "sdk.features", R"(["f"])", ""},
    {"sdk_settings", R"({"sdk":{"name":"s","settings":{"infer_ip":"auto"}}})",
     "sdk.settings.infer_ip", R"("auto")", ""},
    {"meta_is_kept",
     R"({"extra":{"a":"x"},"_meta":{"extra":{"a":{"":{"len":9,"rem":[["r","s"]]}}}}})",
     "_meta.extra.a", R"({"":{"len":9,"rem":[["r","s"]]}})", ""},
    {"meta_a_text", R"({"_meta":"x"})", "_meta", "", "invalid_data _meta"},
};

INSTANTIATE_TEST_SUITE_P(Breadcrumbs, LenientForm, testing::ValuesIn(kBreadcrumbs), FormName);
INSTANTIATE_TEST_SUITE_P(Users, LenientForm, testing::ValuesIn(kUsers), FormName);
INSTANTIATE_TEST_SUITE_P(Requests, LenientForm, testing::ValuesIn(kRequests), FormName);
INSTANTIATE_TEST_SUITE_P(Contexts, LenientForm, testing::ValuesIn(kContexts), FormName);
INSTANTIATE_TEST_SUITE_P(Tags, LenientForm, testing::ValuesIn(kTags), FormName);
INSTANTIATE_TEST_SUITE_P(Fingerprints, LenientForm, testing::ValuesIn(kFingerprints), FormName);
INSTANTIATE_TEST_SUITE_P(Sdks, LenientForm, testing::ValuesIn(kSdks), FormName);

}  // namespace
}  // namespace mishap
