package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole way: three people on the command line, the server a process, meters on DLMS. */
class CommandLineCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FIRST = "GW-0000001";
  private static final String SECOND = "GW-0000002";
  private static final String THIRD = "GW-0000003";
  private static final String FOURTH = "GW-0000004";
  private static final Pattern KEY_ID = Pattern.compile("key ([0-9a-f]{16})");

  @TempDir private static Path folder;
  private static TestOffice office;
  private static Street street;
  private static TrustFolder trusted;
  private static Path keyPassword;

  @BeforeAll
  static void start() throws Exception {
    office = new TestOffice(folder);
    office.start();
    keyPassword = Files.writeString(folder.resolve("key.password"), "walnut ferry meadow 63");
    for (String name : List.of("olivia", "peter")) {
      office.person(name, "operator");
    }
    office.person("sam", "security-administrator");
    trusted = new TrustFolder(folder.resolve("operators"));
    street =
        Street.of(
            StreetSettings.of(4)
                .withHistory(Duration.ZERO)
                .withEvery(Duration.ofSeconds(1))
                .withOperators(folder.resolve("operators")),
            Households.load(),
            InstantSource.system());
    Path shipment = folder.resolve("shipment.csv");
    street.writeShipment(shipment, OfficeKeyFile.read(office.publicKey()));
    assertThat(office.importShipment(shipment)).isEqualTo(4);
    street.start(office.headEnd());
    key("olivia");
  }

  @AfterAll
  static void stop() throws Exception {
    street.close();
    office.stop();
    office.close();
  }

  private static String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int was =
        Gridwarden.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(was).as(out.toString() + err).isEqualTo(code);
    return out.toString() + err;
  }

  /** A command by a person. */
  private static String by(String person, int code, String... arguments) {
    return run(code, arguments(person, arguments));
  }

  private static String[] arguments(String person, String... arguments) {
    List<String> all = new ArrayList<>(List.of("command"));
    all.addAll(Arrays.asList(arguments));
    if (person.isEmpty()) {
      return all.toArray(String[]::new);
    }
    all.add("--data=" + office.data());
    all.add("--user=" + person);
    all.add("--password=file:" + folder.resolve(person + ".password"));
    return all.toArray(String[]::new);
  }

  private static String[] withKey(String person, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--key=" + folder.resolve(person + ".p12"));
    all.add("--key-password=file:" + keyPassword);
    return all.toArray(String[]::new);
  }

  /** A person's key in a file, which the office and the meters take. */
  private static void key(String person) throws IOException {
    Path file = folder.resolve(person + ".p12");
    run(
        0,
        "command",
        "key",
        "new",
        file.toString(),
        "--alias=" + person,
        "--key-password=file:" + keyPassword);
    String asked = by(person, 0, withKey(person, "key", "request"));
    by("sam", 0, "key", "approve", found(asked));
    run(0, arguments("", withKey(person, "key", "export", folder.resolve("operators").toString())));
  }

  private static String found(String text) {
    Matcher matcher = KEY_ID.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared()
        .readTree(text.lines().filter(l -> l.startsWith("{")).findFirst().orElse("{}"));
  }

  private static JsonNode show(String id) {
    return json(run(0, "command", "show", id, "--json", "--data=" + office.data()));
  }

  private static void becomes(String id, String state) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(show(id).path("state").asString()).isEqualTo(state));
  }

  @Test
  @DisplayName(
      "C9: one person gives a command, and follows it to the receipt that the meter signed")
  void onePerson() throws Exception {
    String dry = by("olivia", 0, "disconnect", FIRST, "--dry-run");
    assertThat(dry)
        .contains("Disconnects " + FIRST + ": its consumer has no power")
        .contains("1 would be released", "nothing was drafted");
    assertThat(run(0, "command", "list", "--data=" + office.data(), "--meter=" + FIRST))
        .contains("0 commands");
    String given =
        by("olivia", 0, withKey("olivia", "disconnect", FIRST, "--reason=unpaid", "--wait=30s"));
    assertThat(given).contains("CONFIRMED", "signed by the meter");
    assertThat(street.isConnected(1)).isFalse();
    String listed = run(0, "command", "list", "--data=" + office.data(), "--meter=" + FIRST);
    assertThat(listed).contains(FIRST, "olivia", "CONFIRMED", "1 commands");
    String id = listed.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    assertThat(run(0, "command", "show", id, "--data=" + office.data()))
        .contains("Reason: unpaid", "SIGNED", "SENT", "Receipt: CONFIRMED", "signed by the meter");
    JsonNode both =
        json(
            by(
                "olivia",
                0,
                withKey("olivia", "connect", FIRST, FOURTH, "--reason=paid", "--wait", "--json")));
    assertThat(both.path("items")).hasSize(2);
    assertThat(street.isConnected(1)).isTrue();

    assertThat(by("olivia", 1, "disconnect", "GW-NONE", "--reason=x")).contains("GW-NONE");
    assertThat(by("olivia", 2, "disconnect", FIRST)).contains("say why by --reason");
    assertThat(by("olivia", 2, "disconnect", "--reason=x")).contains("which meters?");
    assertThat(by("sam", 1, "disconnect", FIRST, "--reason=x")).contains("roles do not allow");
    assertThat(run(1, "command", "disconnect", FIRST, "--reason=x", "--data=" + office.data()))
        .contains("act for a person, by --user");
    assertThat(by("olivia", 2, "limit-load", FIRST, "--watts=-1", "--for=2h", "--reason=x"))
        .contains("0 to 1000000 W");
    assertThat(by("olivia", 2, "show", "42")).contains("is no command's id");
  }

  @Test
  @DisplayName("C12, C13: the policy wants a second person, who is not the first")
  void twoPersons() throws Exception {
    String proposed = by("olivia", 0, "policy", "propose", "perWindow=0", "--reason=careful");
    String version = proposed.replaceAll("(?s).*version ([0-9]+).*", "$1");
    assertThat(by("olivia", 1, "policy", "approve", version)).contains("ask somebody else");
    assertThat(by("olivia", 0, "policy", "show"))
        .contains("perWindow = 0", "is proposed by olivia");
    by("peter", 0, "policy", "approve", version);
    assertThat(by("olivia", 2, "policy", "propose", "perWindw=0", "--reason=x"))
        .contains("no part of a policy", "perWindow");

    String given = by("olivia", 0, withKey("olivia", "disconnect", SECOND, "--reason=unpaid"));
    assertThat(given).contains("QUARANTINED", "A second person releases");
    String id = given.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    assertThat(by("olivia", 1, "approve", "--yes", id)).contains("ask somebody else");
    assertThat(by("olivia", 1, withKey("olivia", "sign", id))).contains("quarantined already");
    assertThat(by("peter", 2, "approve", id)).contains("nobody is there to be asked");
    assertThat(by("peter", 0, "approve", "--yes", id))
        .contains("Disconnects " + SECOND, "ordered by olivia", "is RELEASED");
    assertThat(by("olivia", 0, withKey("olivia", "sign", "--all"))).contains("QUEUED");
    becomes(id, "CONFIRMED");
    assertThat(street.isConnected(2)).isFalse();

    String other = by("olivia", 0, withKey("olivia", "connect", SECOND, "--reason=paid"));
    String second = other.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    by("peter", 0, "refuse", second, "--reason=not paid yet");
    assertThat(by("peter", 1, "approve", "--yes", second)).contains("refused already");
    assertThat(by("sam", 1, "approve", "--yes", second)).contains("roles do not allow");
    String before = by("peter", 0, "policy", "propose", "perWindow=100", "--reason=as before");
    by("olivia", 0, "policy", "approve", before.replaceAll("(?s).*version ([0-9]+).*", "$1"));
  }

  @Test
  @DisplayName(
      "kill -9 between signature and sending: the command goes out once, after the restart")
  void killed() throws Exception {
    String given =
        by(
            "olivia",
            0,
            withKey("olivia", "disconnect", THIRD, "--reason=unpaid", "--not-before=4s"));
    assertThat(given).contains("QUEUED");
    String id = given.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    office.kill();
    assertThat(street.isConnected(3)).isTrue();
    office.start();
    becomes(id, "CONFIRMED");
    assertThat(street.isConnected(3)).isFalse();
    List<String> states = new ArrayList<>();
    show(id).path("steps").forEach(step -> states.add(step.path("state").asString()));
    assertThat(states).containsOnlyOnce("SENT", "CONFIRMED", "QUEUED");
    assertThat(show(id).path("receipt").path("signed").asBoolean()).isTrue();
  }

  @Test
  @DisplayName("C18: an operator signs with a key in a token, which it never leaves")
  void token() throws Exception {
    SoftToken soft = SoftToken.make(folder);
    Path pin = Files.writeString(folder.resolve("pin"), SoftToken.PIN);
    String[] made =
        new String[] {
          "command",
          "key",
          "new",
          "--token=" + soft.library(),
          "--alias=peter",
          "--key-password=file:" + pin
        };
    assertThat(apart(soft, "new", made)).contains("fingerprint");
    String where = "--token=" + soft.library();
    String secret = "--key-password=file:" + pin;
    String asked = apart(soft, "request", arguments("peter", "key", "request", where, secret));
    String keyId = found(asked);
    by("sam", 0, "key", "approve", keyId);
    String spki = "";
    for (JsonNode key : json(by("sam", 0, "key", "list", "--json")).path("items")) {
      if (key.path("keyId").asString().equals(keyId)) {
        assertThat(key.path("kind").asString()).isEqualTo("token");
        spki = key.path("spki").asString();
      }
    }
    trusted.put(
        org.gridwarden.security.command.P256.publicKey(java.util.Base64.getDecoder().decode(spki)));
    String given =
        apart(
            soft,
            "given",
            arguments(
                "peter", "disconnect", FOURTH, "--reason=unpaid", "--wait=30s", where, secret));
    assertThat(given).contains("CONFIRMED", "signed by the meter");
    assertThat(street.isConnected(4)).isFalse();
    // once revoked, the token signs nothing more
    by("peter", 0, "key", "revoke", keyId);
    assertThat(by("peter", 0, "connect", FOURTH, "--reason=paid")).contains("RELEASED");
  }

  /** In a process that finds the token. */
  private String apart(SoftToken soft, String name, String... arguments) throws Exception {
    try (CommandProcess process =
        CommandProcess.start(
            folder,
            name,
            CommandProcess.LIGHT,
            soft.environment(),
            Gridwarden.class.getName(),
            arguments)) {
      assertThat(process.exit(SOON)).as(process.err()).isZero();
      return process.out();
    }
  }
}
