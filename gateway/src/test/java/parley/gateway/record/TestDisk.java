package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import parley.gateway.system.Await;

/// A small real file system that a test mounts, fills, spoils and takes away; for root on Linux.
public final class TestDisk implements AutoCloseable {
  private final Path image;
  private final Path mountPoint;

  private TestDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /// A file system in memory of so many KiB.
  public static TestDisk inMemory(Path below, int kibiOctets) throws Exception {
    Path mountPoint = Files.createDirectories(below.resolve("disk"));
    requireMounting("-t", "tmpfs", "-o", "size=" + kibiOctets + "k", "tmpfs", mountPoint);
    return new TestDisk(below, mountPoint);
  }

  /// An ext4 of 8 MiB in a file, which turns read-only at its first error as servers' disks do.
  static TestDisk ext4(Path below) throws Exception {
    Path image = below.resolve("disk.img");
    Files.write(image, new byte[8 << 20]);
    requireRoot(run("mkfs.ext4", "-q", "-O", "^has_journal", image.toString()));
    var disk = new TestDisk(image, Files.createDirectories(below.resolve("disk")));
    requireMounting("-o", "loop,errors=remount-ro", image, disk.mountPoint);
    return disk;
  }

  private static void requireMounting(Object... how) throws Exception {
    List<String> command = new ArrayList<>(List.of("mount"));
    Stream.of(how).forEach(word -> command.add(word.toString()));
    requireRoot(run(command.toArray(String[]::new)));
  }

  private static void requireRoot(String failure) {
    if (!failure.isEmpty()) {
      Tools.skip("this needs root and mount: " + failure);
    }
  }

  public Path path() {
    return mountPoint;
  }

  /// Takes all room that is left; [#free] gives it back.
  public void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(mountPoint.resolve("ballast"))) {
      var octets = new byte[1024];
      while (true) {
        out.write(octets);
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).contains("No space");
    }
  }

  public void free() throws IOException {
    Files.delete(mountPoint.resolve("ballast"));
  }

  void remount(String options) throws Exception {
    assertThat(run("mount", "-o", "remount," + options, mountPoint.toString())).isEmpty();
  }

  /// The kernel finds an error in the file system and lets nobody write any more.
  void breakDown() throws Exception {
    String device = run("findmnt", "-no", "SOURCE", mountPoint.toString()).strip();
    Path trigger =
        Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
    Files.writeString(trigger, "1");
  }

  /// Takes the disk away while files on it are open.
  void takeAway() throws Exception {
    assertThat(run("umount", "-l", mountPoint.toString())).isEmpty();
  }

  /// Repairs the disk and mounts it again, as soon as nobody has a file on it open any more.
  void bringBack() throws Exception {
    if (Files.isRegularFile(image)) {
      Await.until("let go", () -> run("losetup", "-j", image.toString()).isEmpty());
      run("e2fsck", "-fy", image.toString());
      assertThat(run("mount", "-o", "loop", image.toString(), mountPoint.toString())).isEmpty();
    } else {
      assertThat(run("mount", "-t", "tmpfs", "tmpfs", mountPoint.toString())).isEmpty();
    }
  }

  @Override
  public void close() {
    try {
      run("umount", "-l", mountPoint.toString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// What the program printed; empty where it is content.
  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.toString();
    }
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.waitFor() == 0 || !printed.isEmpty() ? printed : "failed without a word";
  }
}
