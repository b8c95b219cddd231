package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chapter "The first day" of docs/operations.md, read from the page and typed line by line at a
 * terminal by somebody who knows nothing but the page.
 */
class FirstDayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String PASSPHRASE = "three otters below the weir";
  private static final String SERVER = "./gridwarden server --config";
  private static final Pattern ADDED =
      Pattern.compile("(\\w+) is added; the first password, shown this once:\\s+(\\S+)");
  private static final Pattern FIRST =
      Pattern.compile("Log in as admin with the password (\\S+) \\(this once");
  private static final Pattern ASKED = Pattern.compile("^(New password|Password|Code) of (\\w+)");

  @TempDir private Path folder;

  private final Map<String, String> passwords = new HashMap<>();
  private final Map<String, String> fresh = new HashMap<>();
  private final List<String> questions = new ArrayList<>();
  private Optional<Secret> authenticator = Optional.empty();
  private long lastStep = -1;
  private String serial = "";
  private List<String> measured = List.of();

  @Test
  @DisplayName(
      "C31, C29, C28, C23, C38, C26: first start, log in, second factor, roles, enrol, revoke, back"
          + " up, lose the machine, restore: each line of the page, typed")
  void theFirstDay() throws Exception {
    Files.deleteIfExists(Path.of("target", "first-day.txt"));
    Path office = folder.resolve("office");
    Files.createDirectories(folder.resolve("safe"));
    Files.createDirectories(office);
    Files.createSymbolicLink(office.resolve("gridwarden"), launcher());
    int tls = freePort();
    int est = freePort();
    Map<String, String> environment = new HashMap<>();
    environment.put("GRIDWARDEN_JAVA_HOME", System.getProperty("java.home"));
    environment.put("XDG_RUNTIME_DIR", folder.resolve("run").toString());
    environment.put("GRIDWARDEN_CONSOLE_PORT", "0");
    environment.put("GRIDWARDEN_CHANNELS_DLMS_TLS_PORT", String.valueOf(tls));
    environment.put("GRIDWARDEN_EST_PORT", String.valueOf(est));
    int starts = 0;
    Optional<TypedTerminal> server = Optional.empty();
    try {
      for (String line : lines()) {
        String typed =
            line.replace("localhost:4060", "localhost:" + tls)
                .replace("localhost:8447", "localhost:" + est)
                .replace("/media/safe", folder.resolve("safe").toString())
                .replace("/mnt/backups", folder.resolve("backups").toString())
                .replace("SERIAL", serial);
        if (typed.startsWith("rm -rf gridwarden-data")) {
          // "stop the server with Ctrl-C"
          TypedTerminal first = server.orElseThrow();
          first.interrupt();
          assertThat(first.untilDone(_ -> Optional.empty(), PATIENCE)).as(first.shown()).isZero();
        }
        if (line.startsWith(SERVER)) {
          TypedTerminal started = TypedTerminal.run(office, environment, typed);
          server = Optional.of(started);
          started.shows("Gridwarden is at https://", PATIENCE);
          if (starts++ == 0) {
            started.shows("(this once", PATIENCE);
            passwords.put("admin", found(FIRST, started.shown()).group(1));
          }
          continue;
        }
        questions.clear();
        try (TypedTerminal terminal = TypedTerminal.run(office, environment, typed)) {
          int code = terminal.untilDone(question -> answer(question, terminal), PATIENCE);
          transcript(typed, terminal.shown());
          assertThat(code).as("%s: %s", typed, terminal.shown()).isZero();
          seen(line, terminal.shown(), starts > 1);
        }
      }
      assertThat(starts)
          .as("the page starts the server, loses it and starts it again")
          .isEqualTo(2);
    } finally {
      server.ifPresent(TypedTerminal::close);
    }
  }

  /** To be read by whoever wants to know how it looks: target/first-day.txt. */
  private static void transcript(String typed, String shown) throws IOException {
    Files.writeString(
        Files.createDirectories(Path.of("target")).resolve("first-day.txt"),
        "$ " + typed + "\n" + shown + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  // --- what is typed

  private Optional<String> answer(String question, TypedTerminal terminal) {
    if (question.equals("Its code: ")) {
      Matcher secret =
          found(Pattern.compile("for your authenticator: ([A-Z2-7]+)"), terminal.shown());
      authenticator = Optional.of(UsersIT.secret(secret.group(1)));
      return Optional.of(code());
    }
    if (question.matches("(A passphrase for|Passphrase of) backup\\.key(, again)?: ")) {
      return Optional.of(PASSPHRASE);
    }
    Matcher asked = ASKED.matcher(question);
    if (!question.endsWith(": ") || !asked.find()) {
      return Optional.empty();
    }
    questions.add(asked.group(1));
    String user = asked.group(2);
    return Optional.of(
        switch (asked.group(1)) {
          case "Code" -> code();
          case "Password" -> passwords.getOrDefault(user, "");
          default -> {
            String next =
                fresh.computeIfAbsent(user, _ -> "seven herons by the canal " + fresh.size());
            if (question.contains("again")) {
              passwords.put(user, next);
            }
            yield next;
          }
        });
  }

  /** As an authenticator shows it; each opens once, so the next one where this one was shown. */
  private String code() {
    lastStep = Math.max(Totp.step(Instant.now()), lastStep + 1);
    return Totp.code(authenticator.orElseThrow(), lastStep);
  }

  // --- what is seen

  private void seen(String line, String shown, boolean restored) {
    Matcher added = ADDED.matcher(shown);
    if (added.find()) {
      passwords.put(added.group(1), added.group(2));
    }
    if (line.equals("./gridwarden login --user admin")) {
      assertThat(shown).contains("admin is logged in");
      assertThat(questions)
          .as("a first password is changed at once; later on there is a second factor")
          .isEqualTo(
              restored
                  ? List.of("Password", "Code")
                  : List.of("Password", "New password", "New password"));
    } else if (line.contains("factor on")) {
      assertThat(shown.lines().filter(l -> l.matches("[a-z0-9]{4,}(-[a-z0-9]+)*"))).hasSize(10);
    } else if (line.contains("meters import")) {
      assertThat(shown).contains("2 taken, 0 refused");
    } else if (line.startsWith("./gridwarden readings GW-0000001")) {
      List<String> rows = shown.lines().filter(row -> row.startsWith("GW-0000001,")).toList();
      assertThat(rows).as(shown).isNotEmpty();
      if (restored) {
        assertThat(measured).as("what was pushed before").containsAll(rows);
        assertThat(rows.getLast()).isEqualTo(measured.getLast());
      }
      measured = rows;
    } else if (line.contains("certificates list --kind meter")) {
      serial = shown.lines().filter(row -> row.contains("GW-0000002")).findFirst().orElseThrow();
      serial = serial.strip().split(" ", 2)[0];
    } else if (line.contains("certificates list --state revoked")) {
      assertThat(shown).contains(serial).contains("GW-0000002").doesNotContain("GW-0000001");
    } else if (line.contains("backup verify")) {
      assertThat(shown).contains("all as they were written").contains("app_user: 4 rows");
    } else if (restored && line.contains("users list")) {
      assertThat(row(shown, "admin")).contains("yes");
      assertThat(row(shown, "sam")).contains("SECURITY_ADMINISTRATOR");
      assertThat(row(shown, "olivia")).contains("NIGHT_SHIFT").contains("first password");
      assertThat(row(shown, "ada")).contains("SECURITY_AUDITOR");
    } else if (line.contains("factor show")) {
      assertThat(shown).contains("on, 10 recovery codes are left");
    } else if (line.contains("users role list")) {
      assertThat(row(shown, "NIGHT_SHIFT")).contains("OPERATE", "VIEW");
    } else if (line.contains("audit verify")) {
      assertThat(shown)
          .contains("the log holds")
          .contains("the office declares that it was restored from a backup");
    }
  }

  private static String row(String table, String first) {
    return table.lines().filter(l -> l.startsWith(first + " ")).findFirst().orElse("");
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as("%s in: %s", pattern, text).isTrue();
    return matcher;
  }

  // --- the page and the launcher

  /** The chapter's lines in their order. */
  private static List<String> lines() throws IOException {
    String page = Files.readString(CommandProcess.root().resolve("docs/operations.md"));
    String chapter = page.substring(page.indexOf("\n## The first day\n") + 1);
    chapter = chapter.substring(0, chapter.indexOf("\n## "));
    List<String> lines =
        chapter.lines().filter(l -> l.startsWith("    ")).map(String::strip).toList();
    assertThat(lines).as("commands of the chapter").hasSizeGreaterThan(25);
    return lines;
  }

  /** The launcher in a folder of its own, with this test's class path for a built distribution. */
  private Path launcher() throws IOException {
    Path home = folder.resolve("home");
    Path dist = Files.createDirectories(home.resolve("target/dist"));
    Files.copy(
        CommandProcess.root().resolve("gridwarden"),
        home.resolve("gridwarden"),
        StandardCopyOption.COPY_ATTRIBUTES);
    // the simulator's households
    Files.createSymbolicLink(
        home.resolve("data-files"), CommandProcess.root().resolve("data-files"));
    // there are no sources here: cksum of nothing
    Files.writeString(dist.resolve("stamp"), "4294967295 0\n4294967295 0\n");
    Files.writeString(
        dist.resolve("classpath"),
        "none:"
            + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        StandardCharsets.UTF_8);
    return home.resolve("gridwarden");
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
