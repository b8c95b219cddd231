package org.gridwarden.headend.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandRequest;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns in a real database, over meters that check each command and really change version. */
class CampaignIT {
  private static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");
  private static final Actor PETER = new Actor(Actor.Kind.PERSON, "peter");
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final KeyPair KEY = Fleet.pair();
  private static final KeyPair MAKER = Fleet.pair();
  private static final CampaignPlan PLAN =
      CampaignPlan.parse("rings = 10% 50% 100%\nsoak = PT12H\nheardWithin = PT4H\nmostLost = 10%");

  @TempDir static Path folder;
  private static Store store;
  private static int models;

  private static volatile Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private static final InstantSource CLOCK = () -> now;

  private final String model = "GW-M" + ++models;
  private final Fleet fleet = new Fleet(store(), KEY.getPublic(), CLOCK);
  private final CommandOffice commands =
      new CommandOffice(
          store().unitOfWork(),
          store().commands(),
          store().policies(),
          store().protections(),
          store().operatorKeys(),
          store().meters(),
          meter -> "",
          () -> true,
          CLOCK,
          event -> {});
  private final FirmwareOffice office =
      new FirmwareOffice(
          store().unitOfWork(),
          store().firmware(),
          store().campaigns(),
          commands,
          store().meters(),
          CLOCK);
  private final CampaignRunner runner =
      new CampaignRunner(
          store().unitOfWork(),
          store().firmware(),
          store().campaigns(),
          commands,
          store().meters(),
          CLOCK);
  private final CommandSender sender =
      new CommandSender(
          store().unitOfWork(),
          store().commands(),
          store().holder(),
          store().operatorKeys(),
          store().meters(),
          fleet,
          meter -> Optional.of(Fleet.METER_KEY.getPublic()),
          () -> true,
          CLOCK,
          event -> {},
          64);

  private static Store store() {
    return store;
  }

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder), CLOCK);
    store
        .unitOfWork()
        .call(tx ->
            store
                .operatorKeys()
                .add(
                    tx,
                    Signed.keyId(KEY.getPublic()),
                    new OperatorKeys.Key("olivia", KEY.getPublic().getEncoded()),
                    SAM));
    new FirmwareOffice(
            store.unitOfWork(),
            store.firmware(),
            store.campaigns(),
            new CommandOffice(
                store.unitOfWork(),
                store.commands(),
                store.policies(),
                store.protections(),
                store.operatorKeys(),
                store.meters(),
                meter -> "",
                () -> true,
                CLOCK,
                event -> {}),
            store.meters(),
            CLOCK)
        .addKey(MAKER.getPublic().getEncoded(), "the maker", SAM);
  }

  @AfterAll
  static void shut() {
    store.close();
  }

  @AfterEach
  void end() throws SQLException {
    sender.close();
    sql("UPDATE firmware_campaign SET state = 'DONE'");
  }

  private static byte[] image(String words) {
    return ("firmware " + words).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] signed(String version, String minimum, byte[] image, KeyPair key)
      throws CommandException {
    FirmwareManifest manifest =
        FirmwareManifest.of(
            model, FirmwareVersion.parse(version), FirmwareVersion.parse(minimum), image);
    return Signed.sign(Purpose.FIRMWARE, Signer.of(key), manifest.bytes()).bytes();
  }

  private void add(String version) throws CommandException {
    byte[] image = image(model + version);
    var _ = office.add(image, signed(version, "1.0.0", image, MAKER), OLIVIA);
  }

  private List<MeterId> fleet(int meters, String version) {
    List<MeterId> ids = new ArrayList<>();
    for (int i = 0; i < meters; i++) {
      MeterId id = fleet.build(model + "-" + ids.size() + "-" + version, version);
      office.runs(id, model, version, OLIVIA);
      ids.add(id);
    }
    return ids;
  }

  private List<CampaignBook.Member> members(UUID campaign) {
    return store
        .unitOfWork()
        .call(tx -> store.campaigns().members(tx, campaign, Integer.MAX_VALUE));
  }

  /** Of each ring three in ten. */
  private void weaken(UUID campaign) {
    List<CampaignBook.Member> all = members(campaign);
    for (int ring = 0; ring < 3; ring++) {
      int of = ring;
      List<MeterId> meters =
          all.stream().filter(m -> m.ring() == of).map(CampaignBook.Member::meter).toList();
      fleet.weak.addAll(meters.subList(0, meters.size() * 3 / 10));
    }
  }

  private CampaignBook.Campaign campaign(UUID id) {
    return store.campaigns().find(id).orElseThrow();
  }

  /** What people do: one approves, the other signs. */
  private void approveAndSign(UUID campaign) throws CommandException {
    byte[] keyId = Signed.keyId(KEY.getPublic());
    for (CommandId id : office.report(campaign).unsigned()) {
      byte[] order = commands.order(id);
      commands.approve(id, PETER, order);
      commands.sign(
          id, OLIVIA, keyId, Signer.of(KEY).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order)));
    }
  }

  private void send() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            sender.round() == 0
                && number("SELECT count(*) FROM command WHERE state IN ('QUEUED', 'SENT')") == 0);
  }

  /** Hours in which those that can talk do, people sign and the office looks. */
  private void live(UUID campaign, int hours) throws CommandException {
    for (int hour = 0; hour < hours; hour++) {
      now = now.plus(Duration.ofHours(1));
      fleet.talk();
      runner.look();
      approveAndSign(campaign);
      send();
      runner.look();
    }
  }

  private static long number(String query) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(query)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static void sql(String statement) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    }
  }

  @Test
  @DisplayName("C34: a firmware that silences 30 % stops in the canary ring, and hits nobody else")
  void stopsAtTheCanaries() throws Exception {
    add("2.0.0");
    fleet(200, "1.0.0");
    UUID id = office.start(model, "2.0.0", PLAN, "a security fix", OLIVIA).id();
    weaken(id);
    fleet.bad = "2.0.0";
    runner.look();
    assertThat(office.report(id).unsigned()).as("the canaries' alone are drafted").hasSize(20);
    send();
    assertThat(fleet.updated()).as("nothing goes out unapproved and unsigned").isZero();
    live(id, 24);
    assertThat(campaign(id).state()).isEqualTo(CampaignBook.State.STOPPED);
    assertThat(campaign(id).why())
        .startsWith("6 of 20 meters of ring 0 are lost, at most 2 may be")
        .contains("silent since");
    assertThat(fleet.updated()).isEqualTo(20);
    live(id, 100);
    assertThat(fleet.updated()).as("it does not go on by itself").isEqualTo(20);
    assertThatThrownBy(() -> office.resume(id, "on", Actor.system("script")))
        .hasMessageContaining("only a person");
    assertThat(office.report(id).lost()).hasSize(6);
    assertThat(
            number(
                "SELECT count(*) FROM audit_log l JOIN audit_clear x ON x.entry = l.id"
                    + " WHERE action = 'firmware.campaign-stopped'"
                    + " AND convert_from(x.detail, 'UTF8') LIKE '"
                    + id
                    + "%'"))
        .isEqualTo(1);

    office.resume(id, "the six are replaced", PETER);
    live(id, 30);
    assertThat(campaign(id).state())
        .as("ring 1 is no better")
        .isEqualTo(CampaignBook.State.STOPPED);
    assertThat(campaign(id).ring()).isEqualTo(1);
    assertThat(fleet.updated()).isEqualTo(100);
  }

  @Test
  @DisplayName(
      "C34: meters that die before their receipt stop it as well; what is unsent is refused")
  void bricked() throws Exception {
    add("2.0.0");
    fleet(100, "1.0.0");
    UUID id = office.start(model, "2.0.0", PLAN, "a security fix", OLIVIA).id();
    weaken(id);
    fleet.bad = "2.0.0";
    fleet.bricked = true;
    // nine are signed, one waits for its person: it is never sent
    runner.look();
    List<CommandId> drafted = office.report(id).unsigned();
    MeterId late = store.commands().find(drafted.getLast()).orElseThrow().meter();
    fleet.weak.remove(late);
    byte[] keyId = Signed.keyId(KEY.getPublic());
    for (CommandId command : drafted.subList(0, 9)) {
      byte[] order = commands.order(command);
      commands.approve(command, PETER, order);
      commands.sign(
          command,
          OLIVIA,
          keyId,
          Signer.of(KEY).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order)));
    }
    send();
    for (int hour = 0; hour < 8; hour++) {
      now = now.plus(Duration.ofHours(1));
      fleet.talk();
      runner.look();
    }
    assertThat(campaign(id).state()).isEqualTo(CampaignBook.State.STOPPED);
    assertThat(campaign(id).why()).contains("when its update was sent");
    assertThat(commands.state(drafted.getLast())).isEqualTo(CommandState.REFUSED);
    assertThat(fleet.updated()).isEqualTo(9);
    assertThat(fleet.runs(late)).isEqualTo("1.0.0");
  }

  @Test
  @DisplayName("C34: a good firmware goes round, a ring after the other, each after its soak time")
  void goesRound() throws Exception {
    add("2.0.0");
    List<MeterId> meters = fleet(60, "1.0.0");
    UUID id = office.start(model, "2.0.0", PLAN, "a new tariff", OLIVIA).id();
    live(id, 1);
    assertThat(fleet.updated()).isEqualTo(6);
    live(id, 10);
    assertThat(campaign(id).ring()).as("the canaries soak for 12 h").isZero();
    live(id, 4);
    assertThat(campaign(id).ring()).isEqualTo(1);
    assertThat(fleet.updated()).isEqualTo(30);
    live(id, 14);
    assertThat(fleet.updated()).isEqualTo(60);
    live(id, 14);
    assertThat(campaign(id).state()).isEqualTo(CampaignBook.State.DONE);
    assertThat(meters).allSatisfy(m -> assertThat(fleet.runs(m)).isEqualTo("2.0.0"));
    assertThat(members(id))
        .allSatisfy(m -> {
          assertThat(m.runs()).isEqualTo("2.0.0");
          assertThat(store.commands().find(m.command().orElseThrow()).orElseThrow().receipt())
              .as("each update has its meter's receipt")
              .isPresent();
        });
  }

  @Test
  @DisplayName("C34: no rollback: the campaign leaves newer meters out, and the meter refuses, too")
  void noRollback() throws Exception {
    add("2.0.0");
    add("3.0.0");
    List<MeterId> newer = fleet(3, "2.5.0");
    assertThatThrownBy(() -> office.start(model, "2.0.0", PLAN, "back", OLIVIA))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("runs 2.5.0: firmware never goes back");
    List<MeterId> older = fleet(5, "1.2.0");
    FirmwareOffice.Started started = office.start(model, "2.0.0", PLAN, "onwards", OLIVIA);
    assertThat(started.leftOut()).hasSize(3);
    // one is updated by hand before its turn
    office.runs(older.getFirst(), model, "2.7.0", OLIVIA);
    live(started.id(), 60);
    assertThat(members(started.id()))
        .filteredOn(m -> m.meter().equals(older.getFirst()))
        .allSatisfy(m -> assertThat(m.command()).isEmpty());
    // an order past the campaign: four eyes and a genuine signature do not help
    Action back =
        new Action.UpdateFirmware(
            "2.0.0", store.firmware().image(model, "2.0.0").orElseThrow().sha256());
    CommandId id =
        commands.draft(
            new CommandRequest(newer.getFirst(), back.word(), ActionCodec.parameters(back), "back"),
            OLIVIA);
    byte[] keyId = Signed.keyId(KEY.getPublic());
    byte[] order = commands.order(id);
    commands.approve(id, PETER, order);
    commands.sign(
        id, OLIVIA, keyId, Signer.of(KEY).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order)));
    send();
    assertThat(commands.state(id)).isEqualTo(CommandState.REFUSED);
    assertThat(fleet.runs(newer.getFirst())).isEqualTo("2.5.0");
  }

  @Test
  @DisplayName("C34: an image is taken only whole, under a known maker's signature, and once")
  void images() throws Exception {
    byte[] image = image("x");
    byte[] signed = signed("2.0.0", "1.0.0", image, MAKER);
    assertThatThrownBy(
            () -> office.add(image, signed("2.0.0", "1.0.0", image, Fleet.pair()), OLIVIA))
        .hasMessageContaining("no maker's key");
    assertThatThrownBy(() -> office.add(image("y"), signed, OLIVIA))
        .hasMessageContaining("the image's SHA-256 is");
    assertThatThrownBy(() -> office.add(image("longer"), signed, OLIVIA))
        .hasMessageContaining("the one that was signed has");
    for (int i = 0; i < signed.length; i++) {
      byte[] bent = signed.clone();
      bent[i] ^= 1;
      assertThatThrownBy(() -> office.add(image, bent, OLIVIA))
          .as("byte %s", i)
          .isInstanceOf(CommandFault.class);
    }
    byte[] order =
        Signed.sign(
                Purpose.ORDER,
                Signer.of(MAKER),
                FirmwareManifest.of(
                        model, new FirmwareVersion(2, 0, 0), new FirmwareVersion(1, 0, 0), image)
                    .bytes())
            .bytes();
    assertThatThrownBy(() -> office.add(image, order, OLIVIA))
        .as("what was signed as something else")
        .hasMessageContaining("not by this key");
    assertThat(office.add(image, signed, OLIVIA).version()).hasToString("2.0.0");
    assertThatThrownBy(() -> office.add(image, signed, OLIVIA))
        .hasMessageContaining("never exchanged");
    // whoever owns the database exchanges it: found before anything is drafted
    fleet(5, "1.0.0");
    UUID id = office.start(model, "2.0.0", PLAN, "on", OLIVIA).id();
    sql("UPDATE firmware_image SET version = '2.0.1' WHERE model = '" + model + "'");
    runner.look();
    assertThat(campaign(id).state()).isEqualTo(CampaignBook.State.STOPPED);
    assertThat(campaign(id).why()).contains("not what was signed");
  }

  @Test
  @DisplayName("C34: a process that dies between a draft and its note drafts nothing twice")
  void crash() throws Exception {
    add("2.0.0");
    fleet(50, "1.0.0");
    UUID id = office.start(model, "2.0.0", PLAN, "on", OLIVIA).id();
    runner.look();
    String mine = "SELECT count(*) FROM command WHERE reason LIKE '%" + id + "%'";
    assertThat(number(mine)).isEqualTo(5);
    sql("UPDATE firmware_campaign_meter SET command = NULL WHERE campaign = '" + id + "'");
    new CampaignRunner(
            store.unitOfWork(),
            store.firmware(),
            store.campaigns(),
            commands,
            store.meters(),
            CLOCK)
        .look();
    assertThat(number(mine)).isEqualTo(5);
    assertThat(office.report(id).unsigned()).hasSize(5);
    office.stop(id, "wait for the audit", PETER);
    assertThat(office.report(id).unsigned()).as("what was unsent is refused").isEmpty();
    office.resume(id, "the audit is over", PETER);
    runner.look();
    assertThat(office.report(id).unsigned()).as("and drafted anew").hasSize(5);
  }
}
