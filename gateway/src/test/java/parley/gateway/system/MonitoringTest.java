package parley.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.record.Tools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The alert rules and the dashboard that are shipped: good PromQL about what a gateway shows.
class MonitoringTest {
  private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
  private static final Path RULES = DEPLOY.resolve("prometheus/rules.yaml");
  private static final Path DASHBOARD = DEPLOY.resolve("grafana/parley.json");
  private static final Path GUIDE = DEPLOY.resolveSibling("docs/operators-guide.md");
  private static final Pattern METRIC = Pattern.compile("\\b(parley|jvm|process|system)_[a-z_]+");
  private static final Pattern REASONS =
      Pattern.compile("(parley_[a-z_]+)\\{[^}]*reason=~?\"([a-z_|]+)\"");

  @TempDir Path folder;

  @Test
  void rulesAndDashboardNameOnlyWhatAGatewayShows() throws Exception {
    String shown = scraped();
    Set<String> metrics = new TreeSet<>();
    shown
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> metrics.add(line.split("[{ ]", 2)[0]));

    for (String expression : expressions()) {
      assertThat(metrics)
          .as(expression)
          .containsAll(METRIC.matcher(expression).results().map(MatchResult::group).toList());
      REASONS
          .matcher(expression)
          .results()
          .forEach(found -> {
            for (String reason : found.group(2).split("\\|", -1)) {
              assertThat(shown)
                  .as(expression)
                  .containsPattern(found.group(1) + "\\{[^}]*reason=\"" + reason + "\"");
            }
          });
    }
  }

  @Test
  void everyAlertIsTestedAndExplained() throws IOException {
    String tests = Files.readString(RULES.resolveSibling("rules-test.yaml"));
    String guide = Files.readString(GUIDE);
    for (JsonNode rule : rules()) {
      String alert = rule.path("alert").asString();
      assertThat(tests.contains("alertname=\"" + alert + "\"")).as("a test for " + alert).isTrue();
      assertThat(rule.path("annotations").path("runbook").asString())
          .isEqualTo("operators-guide.md#" + alert.toLowerCase(Locale.ROOT));
      assertThat(guide.contains("#### " + alert + "\n")).as("a runbook for " + alert).isTrue();
    }
  }

  @Test
  void theGuideExplainsEveryReasonAndMetric() throws Exception {
    String guide = Files.readString(GUIDE);
    String shown = scraped();
    Pattern reason = Pattern.compile("reason=\"([a-z_]+)\"");
    Set<String> unexplained =
        reason.matcher(shown).results().map(found -> found.group(1)).collect(Collectors.toSet());
    METRIC
        .matcher(shown)
        .results()
        .map(MatchResult::group)
        .filter(name -> name.startsWith("parley_"))
        .forEach(unexplained::add);
    unexplained.removeIf(name -> guide.contains("`" + name + "`"));

    assertThat(unexplained).isEmpty();
  }

  @Test
  void prometheusTakesTheRulesAndTheyFireWhenTheyShould() throws Exception {
    Tools.run("promtool", "check", "rules", RULES.toString());
    Tools.run("promtool", "check", "config", RULES.resolveSibling("scrape.yaml").toString());
    Tools.run("promtool", "test", "rules", RULES.resolveSibling("rules-test.yaml").toString());
  }

  @Test
  void everyQueryOfTheDashboardIsGoodPromQl() throws Exception {
    List<String> rules = new ArrayList<>();
    for (String query : queries()) {
      String plain =
          query
              .replace("$__rate_interval", "5m")
              .replace("$__range", "1h")
              .replaceAll("\\$(instance|group)", ".*");
      rules.add("      - {record: 'query:" + rules.size() + "', expr: '" + plain + "'}");
    }
    Path file = folder.resolve("queries.yaml");
    Files.writeString(
        file, "groups:\n  - name: dashboard\n    rules:\n" + String.join("\n", rules) + "\n");

    assertThat(Tools.run("promtool", "check", "rules", file.toString()))
        .contains(rules.size() + " rules found");
  }

  private String scraped() throws Exception {
    try (Town town = new Town(folder, "auto");
        AdminPages pages = new AdminPages(town.admin.local())) {
      return pages.page("/metrics").body();
    }
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>(queries());
    rules().forEach(rule -> all.add(rule.path("expr").asString()));
    return all;
  }

  private static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    new YAMLMapper()
        .readTree(RULES.toFile())
        .path("groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
    assertThat(rules).isNotEmpty();
    return rules;
  }

  private static List<String> queries() {
    List<String> queries = new ArrayList<>();
    new ObjectMapper()
        .readTree(DASHBOARD.toFile())
        .path("panels")
        .forEach(panel ->
            panel.path("targets").forEach(target -> queries.add(target.path("expr").asString())));
    assertThat(queries).hasSizeGreaterThan(10);
    return queries;
  }
}
