package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import parley.mikey.identity.NtpTimestamp;

/// One burst on the air: announcement and first packet in one transmission, speech in its own time,
/// repeats and reports while it lasts, BYE at its end.
///
/// Due times are counted in nanoseconds of speech since the first packet, so a late timer catches
/// up and shifts nothing that follows. Runs on its loop; [#stop] and [#report] may be called
/// anywhere.
public final class TalkBurst {
  private static final long REPORT_EVERY = Duration.ofSeconds(3).toNanos();

  private final Speech speech;
  private final double speed;
  private final Announcer announcer;
  private final OutgoingStream stream;
  private final EventLoop loop;
  private final InstantSource clock;
  private final CompletableFuture<TalkReport> report = new CompletableFuture<>();

  private long startedNanos;
  private long spokenTicks;
  private int nextFrame;
  private long repeatDue;
  private long reportDue = REPORT_EVERY;
  private boolean stopped;

  /// Takes over `announcer` and `stream` and closes them in the end.
  TalkBurst(
      Speech speech,
      double speed,
      Announcer announcer,
      OutgoingStream stream,
      EventLoop loop,
      InstantSource clock) {
    this.speech = speech;
    this.speed = speed;
    this.announcer = announcer;
    this.stream = stream;
    this.loop = loop;
    this.clock = clock;
  }

  /// Completes when the BYE is sent, or with what kept the burst from going on.
  public CompletableFuture<TalkReport> report() {
    return report;
  }

  public int csbId() {
    return announcer.csbId();
  }

  /// Ends the burst now, with BYE; it cannot be resumed.
  public void stop() {
    loop.execute(() -> stopped = true);
    loop.execute(this::step);
  }

  void start() {
    loop.execute(() -> {
      startedNanos = System.nanoTime();
      step();
    });
  }

  private void step() {
    if (report.isDone()) {
      return;
    }
    try {
      sendWhatIsDue((long) ((System.nanoTime() - startedNanos) * speed));
    } catch (CannotSpeak | RuntimeException e) {
      close();
      report.completeExceptionally(e);
    }
  }

  private void sendWhatIsDue(long elapsed) throws CannotSpeak {
    if (isOver(elapsed)) {
      end();
      return;
    }
    if (repeatDue <= elapsed) {
      stream.announce(announcer.seal(stream.rtp()));
      repeatDue = AnnouncementSchedule.next(elapsed);
    }
    while (nextFrame < speech.frames().size() && frameDue() <= elapsed) {
      SpeechFrame frame = speech.frames().get(nextFrame++);
      stream.send(frame);
      spokenTicks += frame.timestampStep();
    }
    stream.flushAnnouncement();
    if (reportDue <= elapsed) {
      stream.report(now());
      reportDue += REPORT_EVERY;
    }
    sleepUntil(Math.min(frameDue(), Math.min(repeatDue, reportDue)));
  }

  /// When the next frame is due, and at last when the last one has been heard.
  private long frameDue() {
    return speech.nanos(spokenTicks);
  }

  private boolean isOver(long elapsed) {
    return stopped || (nextFrame == speech.frames().size() && frameDue() <= elapsed);
  }

  private void sleepUntil(long due) {
    long wait = startedNanos + (long) (due / speed) - System.nanoTime();
    var _ = loop.schedule(this::step, Math.max(wait, 0), TimeUnit.NANOSECONDS);
  }

  private void end() {
    if (announcer.count() > 0) {
      stream.bye(now());
    }
    RtpStream rtp = stream.rtp();
    close();
    report.complete(
        new TalkReport(
            announcer.csbId(),
            announcer.gskId(),
            rtp.ssrc(),
            rtp.packets(),
            rtp.payloadOctets(),
            announcer.count()));
  }

  private NtpTimestamp now() {
    return NtpTimestamp.of(clock.instant());
  }

  private void close() {
    stream.close();
    announcer.close();
  }
}
