package parley.gateway.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import parley.gateway.ue.HeardBurst;

/// The last act: the tables, and whether every payload came where it should, octet by octet.
final class Verdict {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Terminal terminal;
  private final List<Spectator> audience;
  private final List<Archived> archive;

  Verdict(Terminal terminal, List<Spectator> audience, List<Archived> archive) {
    this.terminal = terminal;
    this.audience = audience;
    this.archive = archive;
  }

  /// Returns whether all of it was right.
  boolean play(List<Turn> turns, List<AttackResult> attacks) throws InterruptedException {
    terminal.act("8. The result");
    boolean right = showTurns(turns);
    right &= showAttacks(attacks);
    archive.stream()
        .map(Archived::files)
        .flatMap(List::stream)
        .map(file -> Terminal.shown(file).toString())
        .forEach(terminal::line);
    terminal.line("");
    return terminal.check(right, right ? "everything as it should be" : "see above");
  }

  private boolean showTurns(List<Turn> turns) throws InterruptedException {
    List<String> header = new ArrayList<>(List.of("talker,\nverified", "sent", "relayed"));
    audience.forEach(spectator -> header.add(spectator.name().replace(", ", "\n")));
    header.addAll(List.of("recorded", "lost", "refused"));
    Table table = new Table(header.toArray(String[]::new));
    boolean right = !turns.isEmpty();
    for (int i = 0; i < turns.size(); i++) {
      right &= addTurn(table, turns.get(i), archive.get(i));
    }
    table.lines().forEach(terminal::line);
    terminal.line("(relayed: datagrams to all legs: media, reports, announcements)");
    terminal.line("");
    return right;
  }

  private boolean addTurn(Table table, Turn turn, Archived archived) throws InterruptedException {
    List<byte[]> spoken = turn.payloads();
    List<Integer> equal = new ArrayList<>();
    for (Spectator spectator : audience) {
      equal.add(equal(spoken, heard(spectator, turn)));
    }
    equal.add(equal(spoken, archived.payloads()));
    long lost = equal.stream().mapToLong(count -> spoken.size() - count).sum();
    List<Object> row = new ArrayList<>(List.of(archived.talker(), turn.report().packets()));
    row.add(turn.relayed());
    row.addAll(equal);
    row.addAll(List.of(lost, turn.refused()));
    table.row(row.toArray());
    return lost == 0
        && archived.complete()
        && archived.talker().equals(turn.talker().uri())
        && turn.report().packets() == spoken.size();
  }

  private static List<byte[]> heard(Spectator spectator, Turn turn) throws InterruptedException {
    Optional<HeardBurst> burst = spectator.burst(turn.report().csbId(), PATIENCE);
    return burst.map(heard -> heard.speech().payloads()).orElse(List.of());
  }

  /// How many payloads stand where they should and equal the source; none where there are more of
  /// them than were spoken.
  private static int equal(List<byte[]> spoken, List<byte[]> received) {
    if (received.size() > spoken.size()) {
      return 0;
    }
    int equal = 0;
    for (int i = 0; i < received.size(); i++) {
      equal += Arrays.equals(spoken.get(i), received.get(i)) ? 1 : 0;
    }
    return equal;
  }

  private boolean showAttacks(List<AttackResult> attacks) {
    Table table = new Table("attack", "sent", "refused", "reason");
    attacks.forEach(result ->
        table.row(
            result.attack().what(),
            result.attack().packets(),
            result.refused(),
            result.attack().reason()));
    table.lines().forEach(terminal::line);
    terminal.line("");
    return !attacks.isEmpty() && attacks.stream().allMatch(AttackResult::isRefused);
  }
}
