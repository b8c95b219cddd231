package org.gridwarden.server.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.gridwarden.security.OfficeKey;

/** A door with users, a desk that says what it was told, and OpenSSH's programs as clients. */
final class TestDoor implements AutoCloseable, Gate, Desk {
  /** What a program said and how it ended. */
  record Said(int code, String out, String err) {
    String all() {
      return out + err;
    }
  }

  static final SshSettings USUAL =
      new SshSettings(
          true,
          InetAddress.getLoopbackAddress(),
          0,
          Duration.ofMinutes(5),
          32,
          4,
          true,
          100_000,
          300_000,
          20);

  final Path folder;
  final Map<String, String> keys = new ConcurrentHashMap<>();
  final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  final List<String> shipments = Collections.synchronizedList(new ArrayList<>());

  /** Who has a second factor, and the one code that it shows. */
  final Map<String, String> codes = new ConcurrentHashMap<>();

  /** Each code that was looked at. */
  final List<String> shown = Collections.synchronizedList(new ArrayList<>());

  volatile boolean audits = true;
  final SshDoor door;

  TestDoor(Path folder, SshSettings settings) throws IOException {
    this(folder, settings, Map.of());
  }

  TestDoor(Path folder, SshSettings settings, Map<String, String> known) throws IOException {
    this.folder = folder;
    keys.putAll(known);
    Path keyFolder = folder.resolve("keys");
    try (OfficeKey office = OfficeKey.open(keyFolder)) {
      door =
          SshDoor.open(
              settings, folder.resolve("exchange"), HostKey.open(keyFolder, office), this, this);
      String pub = Files.readString(keyFolder.resolve("ssh-host-key.pub")).strip();
      Files.writeString(
          folder.resolve("known_hosts"), "[127.0.0.1]:" + door.port() + " " + pub + "\n");
    }
  }

  /** Makes a user's key with ssh-keygen and registers it. */
  Path user(String name, String type) throws IOException, InterruptedException {
    Path key = key(name, type);
    register(name, key);
    return key;
  }

  Path key(String name, String... type) throws IOException, InterruptedException {
    Path key = folder.resolve(name + ".key");
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-t"));
    command.addAll(List.of(type));
    command.addAll(List.of("-f", key.toString()));
    Said said = run(Optional.empty(), command);
    if (said.code() != 0) {
      throw new IOException(said.all());
    }
    return key;
  }

  void register(String name, Path key) throws IOException {
    keys.put(SshPublicKey.parse(Files.readString(Path.of(key + ".pub"))).fingerprint(), name);
  }

  Said ssh(Path key, String user, String input, String... more)
      throws IOException, InterruptedException {
    return client("ssh", "-p", key, user, input, more);
  }

  /** Runs lines of sftp's own. */
  Said sftp(Path key, String user, String... lines) throws IOException, InterruptedException {
    List<String> command = options("sftp", "-P", key);
    command.addAll(List.of("-b", "-", user + "@127.0.0.1"));
    return run(Optional.of(String.join("\n", lines) + "\n"), command);
  }

  /** With somebody at the terminal who answers what is asked; by the way that OpenSSH asks. */
  Said sshSaying(Path key, String user, String answer, String... more)
      throws IOException, InterruptedException {
    Path says = Files.createTempFile(folder, "says", ".sh");
    Files.writeString(says, "#!/bin/sh\necho \"$1\" >> " + asked() + "\necho " + answer + "\n");
    Files.setPosixFilePermissions(says, PosixFilePermissions.fromString("rwx------"));
    List<String> command = command("ssh", "-p", key, user, more);
    command.addAll(
        0, List.of("env", "SSH_ASKPASS=" + says, "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none"));
    return run(Optional.of(""), command);
  }

  /** What the client asked somebody, a line a question. */
  Path asked() {
    return folder.resolve("asked");
  }

  private Said client(
      String program, String port, Path key, String user, String input, String... more)
      throws IOException, InterruptedException {
    return run(Optional.of(input), command(program, port, key, user, more));
  }

  List<String> command(String program, String port, Path key, String user, String... more) {
    List<String> command = options(program, port, key);
    List<String> own = new ArrayList<>(List.of(more));
    int words = own.indexOf("--");
    List<String> flags = words < 0 ? own : own.subList(0, words);
    command.addAll(flags);
    command.add(user + "@127.0.0.1");
    if (words >= 0) {
      command.addAll(own.subList(words + 1, own.size()));
    }
    return command;
  }

  private List<String> options(String program, String port, Path key) {
    return new ArrayList<>(
        List.of(
            program,
            port,
            Integer.toString(door.port()),
            "-F",
            "none",
            "-i",
            key.toString(),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "IdentityAgent=none",
            "-o",
            "UserKnownHostsFile=" + folder.resolve("known_hosts"),
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "ConnectTimeout=60",
            "-o",
            "NumberOfPasswordPrompts=1"));
  }

  Said run(Optional<String> input, List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "said", ".out");
    Path err = Files.createTempFile(folder, "said", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (var to = process.getOutputStream()) {
      if (input.isPresent()) {
        to.write(input.get().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // it did not wait for it
    }
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not end: " + Files.readString(err));
    }
    return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Override
  public boolean opens(String user, String fingerprint) {
    return user.equals(keys.get(fingerprint));
  }

  @Override
  public boolean asksCode(String user) {
    return codes.containsKey(user);
  }

  @Override
  public boolean code(String user, String code, InetAddress from) {
    shown.add(user + " " + code + " " + from.getHostAddress());
    return code.equals(codes.get(user));
  }

  @Override
  public Optional<Caller> enter(String user) {
    return keys.containsValue(user)
        ? Optional.of(new Caller(user, URI.create("http://nowhere/"), Optional.empty(), "token"))
        : Optional.empty();
  }

  @Override
  public boolean stands(Caller caller) {
    return keys.containsValue(caller.user());
  }

  @Override
  public void left(Caller caller) {
    notes.add(caller.user() + " left");
  }

  @Override
  public void note(String user, String action, String detail) {
    if (!audits) {
      throw new IllegalStateException("the audit log is full");
    }
    notes.add(user + " " + action + " " + detail);
  }

  @Override
  public int run(Caller caller, List<String> words, Screen screen, Optional<OutTray> out) {
    if (words.getFirst().equals("ask")) {
      screen.out().println("answer " + screen.asks().orElseThrow().apply("sure? "));
      return 0;
    }
    if (words.getFirst().equals("put")) {
      try (InputStream content = InputStream.nullInputStream()) {
        out.orElseThrow().put(words.get(1), content);
        return 0;
      } catch (IOException e) {
        screen.err().println(e.getMessage());
        return 1;
      }
    }
    screen.out().println(caller.user() + " said " + words);
    return words.getFirst().equals("fail") ? 7 : 0;
  }

  @Override
  public List<String> complete(List<String> words) {
    return words.size() == 1 ? List.of("alarms", "meters") : List.of("list", "show");
  }

  @Override
  public int takeIn(Caller caller, Path shipment, Screen screen) {
    try {
      String text = Files.readString(shipment);
      shipments.add(caller.user() + ": " + text);
      screen.out().println(text.lines().count() + " lines");
      return text.contains("wrong") ? 1 : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    door.close();
  }
}
