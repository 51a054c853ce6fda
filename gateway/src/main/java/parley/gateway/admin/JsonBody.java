package parley.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The body of a request, taken literally: a field that is not known, twice there or of another
/// type is refused by its name.
final class JsonBody {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern JSON_TYPE =
      Pattern.compile("application/json(\\s*;\\s*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

  private final JsonNode object;

  private JsonBody(JsonNode object) {
    this.object = object;
  }

  static JsonBody of(AdminRequest request, Set<String> known) throws RequestRefused {
    if (!request.hasLength()) {
      throw new RequestRefused(
          HttpResponseStatus.LENGTH_REQUIRED, "tell the length of the body: Content-Length");
    }
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    if (!JSON_TYPE.matcher(type).matches()) {
      throw new RequestRefused(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "the body is JSON: application/json");
    }
    JsonNode object = parsed(request.body());
    for (String field : object.propertyNames()) {
      if (!known.contains(field)) {
        throw wrong("%s: there is no such field; there is %s".formatted(shown(field), known));
      }
    }
    return new JsonBody(object);
  }

  private static JsonNode parsed(String text) throws RequestRefused {
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isObject()) {
        throw wrong("the body is no JSON object");
      }
      return node;
    } catch (JacksonException e) {
      String why = e.getOriginalMessage();
      throw new RequestRefused(
          HttpResponseStatus.BAD_REQUEST,
          "the body is not JSON: "
              + (why == null ? "it breaks off" : why.lines().findFirst().orElse("")));
    }
  }

  String text(String field, String example) throws RequestRefused {
    @Nullable JsonNode value = object.get(field);
    if (value == null) {
      throw wrong("%s: is missing; for example \"%s\"".formatted(field, example));
    }
    if (!value.isString()) {
      throw wrong("%s: is no text; for example \"%s\"".formatted(field, example));
    }
    return value.asString();
  }

  static RequestRefused wrong(String sentence) {
    return new RequestRefused(HttpResponseStatus.UNPROCESSABLE_ENTITY, sentence);
  }

  private static String shown(String field) {
    return field.length() <= 64 ? field : field.substring(0, 64) + "…";
  }
}
