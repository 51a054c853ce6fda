package parley.gateway.cli;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.enrol.SelfEnrolment;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.NotEnrolled;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// `parley enrol --listen-push`: waits for pushes and takes what each brings, until a signal or as
/// many as were asked for.
final class PushedEnrolment {
  private static final long LOOK_FOR_SIGNALS_MILLIS = 200;

  private final KmsOptions kms;
  private final Identity identity;
  private final PrintWriter out;

  PushedEnrolment(KmsOptions kms, Identity identity, PrintWriter out) {
    this.kms = kms;
    this.identity = identity;
    this.out = out;
  }

  ExitCode run(Vault vault)
      throws CommandFailed, NotEnrolled, VaultException, KeysMissing, InterruptedException {
    BlockingQueue<Enrolled> news = new LinkedBlockingQueue<>();
    try (Signals signals = Signals.install();
        SelfEnrolment listener = kms.listener(vault, identity)) {
      listener.follow(news::add);
      out.println("waiting for pushes: " + listener.ear());
      out.flush();
      int taken = 0;
      while (kms.pushes == 0 || taken < kms.pushes) {
        Enrolled next = next(news, signals);
        if (next == null) {
          return ExitCode.OK;
        }
        try (Member member = Member.open(vault, identity, InstantSource.system())) {
          EnrolledLines.take(next, member, identity, out);
        }
        taken++;
      }
      return ExitCode.OK;
    }
  }

  /// Null when it is time to end.
  private static @Nullable Enrolled next(BlockingQueue<Enrolled> news, Signals signals)
      throws InterruptedException {
    while (signals.await(0) != Signals.Signal.STOP) {
      Enrolled next = news.poll(LOOK_FOR_SIGNALS_MILLIS, TimeUnit.MILLISECONDS);
      if (next != null) {
        return next;
      }
    }
    return null;
  }
}
