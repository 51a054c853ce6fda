package parley.gateway.admin;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `openapi.json` as a test reads it: operations with their statuses, and schemas to compare
/// answers with.
final class ApiDescription {
  private static final List<String> METHODS = List.of("get", "put", "post", "delete");

  private final JsonNode root;

  ApiDescription() throws Exception {
    try (InputStream in = ControlApi.class.getResourceAsStream("openapi.json")) {
      root = JsonMapper.shared().readTree(in);
    }
  }

  /// `GET /groups/{id}` and the statuses that it may answer.
  Map<String, Set<Integer>> operations() {
    Map<String, Set<Integer>> operations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (String method : METHODS) {
        JsonNode operation = path.getValue().path(method);
        if (operation.isObject()) {
          Set<Integer> statuses = new TreeSet<>();
          operation
              .path("responses")
              .propertyNames()
              .forEach(s -> statuses.add(Integer.valueOf(s)));
          operations.put(method.toUpperCase(Locale.ROOT) + " " + path.getKey(), statuses);
        }
      }
    }
    return operations;
  }

  boolean hasBody(String operation) {
    return operation(operation).has("requestBody");
  }

  String description(String operation) {
    return operation(operation).path("description").asString();
  }

  private JsonNode operation(String operation) {
    String[] words = operation.split(" ", 2);
    return root.path("paths").path(words[1]).path(words[0].toLowerCase(Locale.ROOT));
  }

  /// Where `answer` is not what the description promises.
  List<String> differences(String operation, int status, String answer) {
    JsonNode response =
        resolved(operation(operation).path("responses").path(String.valueOf(status)));
    JsonNode schema = response.path("content").path("application/json").path("schema");
    List<String> differences = new ArrayList<>();
    compare("", schema, JsonMapper.shared().readTree(answer), differences);
    return differences;
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.path("$ref").asString().substring(1)) : node;
  }

  private void compare(String path, JsonNode wanted, JsonNode value, List<String> differences) {
    JsonNode schema = resolved(wanted);
    if (schema.has("anyOf")) {
      boolean fits = false;
      for (JsonNode choice : schema.path("anyOf")) {
        List<String> found = new ArrayList<>();
        compare(path, choice, value, found);
        fits |= found.isEmpty();
      }
      if (!fits) {
        differences.add(path + " fits no choice");
      }
      return;
    }
    if (!types(schema).contains(type(value))) {
      differences.add(path + " is " + type(value) + ", not " + types(schema));
    }
    if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
      differences.add(path + " is " + value + ", which is not described");
    }
    if (value.isArray()) {
      value.forEach(item -> compare(path + "[]", schema.path("items"), item, differences));
    }
    if (value.isObject()) {
      compareFields(path, schema, value, differences);
    }
  }

  private void compareFields(
      String path, JsonNode schema, JsonNode value, List<String> differences) {
    for (String field : value.propertyNames()) {
      if (schema.path("properties").has(field)) {
        compare(
            path + "." + field,
            schema.path("properties").path(field),
            value.path(field),
            differences);
      } else {
        differences.add(path + "." + field + " is not described");
      }
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asString())) {
        differences.add(path + "." + required.asString() + " is missing");
      }
    }
  }

  private static List<String> types(JsonNode schema) {
    JsonNode type = schema.path("type");
    return type.isArray()
        ? type.valueStream().map(JsonNode::asString).toList()
        : List.of(type.asString(""));
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case NUMBER -> "integer";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      default -> "nothing";
    };
  }
}
