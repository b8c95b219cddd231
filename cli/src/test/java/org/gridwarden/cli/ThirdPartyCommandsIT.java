package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.thirdparty.OperatorTitle;
import org.gridwarden.security.thirdparty.SignedAnswer;
import org.gridwarden.simulator.thirdparty.SignedMeter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole way to a meter that has no desk and demands its operators' own signatures: two persons
 * on the command line, the server a process, the meter over TCP.
 */
class ThirdPartyCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String SERIAL = "GWM0000000000001";
  private static final byte[] OFFICE = {'G', 'W', 'R', 'D', 'O', 'F', 'C', 'E'};
  private static final Pattern KEY_ID = Pattern.compile("key ([0-9a-f]{16})");

  @TempDir private static Path folder;
  private static TestOffice office;
  private static SignedMeter meter;
  private static Path keyPassword;
  private static String olivia = "";
  private static final List<Boolean> MOVES = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    office = new TestOffice(folder);
    office.start();
    keyPassword = Files.writeString(folder.resolve("key.password"), "walnut ferry meadow 63");
    for (String name : List.of("olivia", "peter")) {
      office.person(name, "operator");
    }
    office.person("sam", "security-administrator");
    meter = meter(0);
    Path shipment = folder.resolve("shipment.csv");
    meter.writeShipment(shipment, OfficeKeyFile.read(office.publicKey()));
    assertThat(office.importShipment(shipment)).isEqualTo(1);
    olivia = key("olivia");
    String proposed = by("olivia", 0, "policy", "propose", "perWindow=0", "--reason=careful");
    by("peter", 0, "policy", "approve", proposed.replaceAll("(?s).*version ([0-9]+).*", "$1"));
  }

  private static SignedMeter meter(int port) throws IOException {
    return SignedMeter.start(
        new SignedMeter.Settings(
            SERIAL,
            new InetSocketAddress(InetAddress.getLoopbackAddress().getHostAddress(), port),
            folder.resolve("meter"),
            folder.resolve("operators"),
            OFFICE,
            ZoneOffset.UTC),
        InstantSource.system(),
        MOVES::add);
  }

  @AfterAll
  static void stop() throws Exception {
    meter.close();
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

  private static String by(String person, int code, String... arguments) {
    return run(code, arguments(person, arguments));
  }

  private static String[] arguments(String person, String... arguments) {
    List<String> all = new ArrayList<>(List.of("command"));
    all.addAll(Arrays.asList(arguments));
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

  /** The id of a key that the office takes. */
  private static String key(String person) throws IOException {
    Path file = folder.resolve(person + ".p12");
    run(
        0,
        "command",
        "key",
        "new",
        file.toString(),
        "--alias=" + person,
        "--key-password=file:" + keyPassword);
    return taken(by(person, 0, withKey(person, "key", "request")));
  }

  private static String taken(String said) {
    Matcher asked = KEY_ID.matcher(said);
    assertThat(asked.find()).as(said).isTrue();
    by("sam", 0, "key", "approve", asked.group(1));
    return asked.group(1);
  }

  /** The fitter: only now the meter obeys. */
  private static void trust(String person) {
    String operators = folder.resolve("operators").toString();
    run(0, withKey(person, "command", "key", "export", operators));
  }

  private static JsonNode show(String id) {
    String text = run(0, "command", "show", id, "--json", "--data=" + office.data());
    return JsonMapper.shared()
        .readTree(text.lines().filter(l -> l.startsWith("{")).findFirst().orElse("{}"));
  }

  private static void becomes(String id, String state) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(show(id).path("state").asString()).as(show(id).toString()).isEqualTo(state));
  }

  private static String ordered(String word) {
    return ordered(word, "olivia", "peter");
  }

  private static String ordered(String word, String first, String second) {
    String given = by(first, 0, word, SERIAL, "--reason=unpaid");
    assertThat(given).contains("QUARANTINED");
    String id = given.lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    by(second, 0, "approve", "--yes", id);
    return id;
  }

  @Test
  @DisplayName(
      "C9, C10, C12: two persons disconnect a meter without a desk; it checks the operator's DLMS"
          + " signature, and its signed answer is kept")
  void disconnected() throws Exception {
    // before it knows her the meter itself refuses: nothing was done
    String early = ordered("disconnect");
    by("olivia", 0, withKey("olivia", "sign", early));
    becomes(early, "FAILED");
    assertThat(show(early).path("why").asString()).contains("does not take what was signed");
    assertThat(MOVES).isEmpty();
    trust("olivia");

    String id = ordered("disconnect");
    String title = HexFormat.of().withUpperCase().formatHex(meter.title());
    assertThat(by("olivia", 0, withKey("olivia", "sign", id)))
        .contains("Disconnects " + SERIAL)
        .contains("Signed as DLMS general-signing to the system title " + title)
        .contains("QUEUED");
    becomes(id, "CONFIRMED");
    assertThat(meter.isConnected()).isFalse();
    assertThat(MOVES).containsExactly(false);
    assertThat(run(0, "command", "show", id, "--data=" + office.data()))
        .contains(
            "Signature: DLMS general-signing",
            "Receipt: CONFIRMED at ",
            "signed by the meter (DLMS general-signing), and checked");

    // the evidence, checked with nothing but public keys: what the operator signed, what the meter
    // did
    JsonNode shown = show(id);
    byte[] evidence = Base64.getDecoder().decode(shown.path("receipt").path("evidence").asString());
    assertThat(evidence[0] & 0xFF).isEqualTo(0xDF);
    byte[] altered = evidence.clone();
    altered[altered.length - 70] ^= 1;
    byte[] operator = OperatorTitle.of(HexFormat.of().parseHex(olivia));
    PublicKey meterKey = P256.publicKey(receiptKey());
    CommandId command = new CommandId(UUID.fromString(id));
    SignedAnswer said = SignedAnswer.open(evidence, meterKey, meter.title(), operator, command);
    assertThat(said.id().value()).hasToString(id);
    assertThat(said.outcome()).isEqualTo(CommandState.CONFIRMED);
    assertThatThrownBy(() -> SignedAnswer.open(altered, meterKey, meter.title(), operator, command))
        .isInstanceOf(CommandException.class);

    // its memory is on its disk: after a restart it is commanded on, and remembers
    int port = meter.port();
    meter.close();
    meter = meter(port);
    String back = ordered("connect");
    by("olivia", 0, withKey("olivia", "sign", "--all"));
    becomes(back, "CONFIRMED");
    assertThat(Files.readString(folder.resolve("meter").resolve("transactions")))
        .contains(id.replace("-", ""), back.replace("-", ""));

    // what DLMS has no single request for is refused when it is drafted
    assertThat(by("olivia", 0, "set-clock", SERIAL, "--reason=late"))
        .contains("REFUSED", "no single request of DLMS does 'set-clock'");
  }

  @Test
  @DisplayName("C18: a key in a token signs DLMS requests, too, and never leaves it")
  void token() throws Exception {
    SoftToken soft = SoftToken.make(folder);
    String where = "--token=" + soft.library();
    Path pin = Files.writeString(folder.resolve("pin"), SoftToken.PIN);
    String secret = "--key-password=file:" + pin;
    apart(soft, "new", "command", "key", "new", where, "--alias=peter", secret);
    String keyId =
        taken(apart(soft, "request", arguments("peter", "key", "request", where, secret)));
    apart(
        soft,
        "export",
        "command",
        "key",
        "export",
        folder.resolve("operators").toString(),
        where,
        secret);
    String listed = by("sam", 0, "key", "list");
    assertThat(listed)
        .contains(
            HexFormat.of()
                .withUpperCase()
                .formatHex(OperatorTitle.of(HexFormat.of().parseHex(keyId))));
    // that it is connected already: the request is done, and nothing moves
    String id = ordered("connect", "peter", "olivia");
    apart(soft, "sign", arguments("peter", "sign", id, where, secret));
    becomes(id, "CONFIRMED");
    assertThat(show(id).path("receipt").path("signed").asBoolean()).isTrue();
  }

  /** In a process that finds the token. */
  private static String apart(SoftToken soft, String name, String... arguments) throws Exception {
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

  private static byte[] receiptKey() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("shipment.csv"));
    int column = Arrays.asList(lines.get(0).split(",")).indexOf("receipt_key");
    return Base64.getDecoder().decode(lines.get(1).split(",")[column]);
  }
}
