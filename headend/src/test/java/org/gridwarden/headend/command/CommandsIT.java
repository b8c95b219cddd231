package org.gridwarden.headend.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.KeyPair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandRequest;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.StoredCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of commands, in a real database, to meters that check them. */
class CommandsIT {
  private static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");
  private static final Actor PETER = new Actor(Actor.Kind.PERSON, "peter");
  private static final Actor SECURITY = new Actor(Actor.Kind.PERSON, "sam");
  private static final KeyPair KEY = Town.pair();

  @TempDir static Path folder;
  private static Store store;
  private static int built;

  private static final Town.TestClock CLOCK = new Town.TestClock();
  private final Town town = new Town(KEY::getPublic, CLOCK);
  private volatile boolean audited = true;
  private String feeder = "";
  private Optional<CommandSender> sender = Optional.empty();

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder), CLOCK);
    call(tx ->
        store
            .operatorKeys()
            .add(
                tx,
                Signed.keyId(KEY.getPublic()),
                new OperatorKeys.Key("olivia", KEY.getPublic().getEncoded()),
                SECURITY));
  }

  @AfterAll
  static void shut() {
    store.close();
  }

  @BeforeEach
  void fresh() throws SQLException {
    CLOCK.now = Instant.now();
    sql("DELETE FROM command_policy", "UPDATE command SET released = NULL");
    sql("UPDATE command SET state = 'FAILED' WHERE state IN ('QUEUED', 'SENT', 'IN_DOUBT')");
  }

  @AfterEach
  void stop() {
    sender.ifPresent(CommandSender::close);
  }

  private static <T> T call(Function<Tx, T> act) {
    return store.unitOfWork().call(act);
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      for (String statement : statements) {
        s.execute(statement);
      }
    }
  }

  private CommandOffice office() {
    return new CommandOffice(
        store.unitOfWork(),
        store.commands(),
        store.policies(),
        store.protections(),
        store.operatorKeys(),
        town,
        meter -> feeder,
        () -> audited,
        CLOCK,
        event -> {});
  }

  private CommandSender sender() {
    return sender(UUID.randomUUID());
  }

  private CommandSender sender(UUID holder) {
    CommandSender fresh =
        new CommandSender(
            store.unitOfWork(),
            store.commands(),
            holder,
            store.operatorKeys(),
            town,
            town,
            meter -> Optional.of(Town.METER_KEY.getPublic()),
            () -> audited,
            CLOCK,
            event -> {},
            16);
    sender.ifPresent(CommandSender::close);
    sender = Optional.of(fresh);
    return fresh;
  }

  private MeterId meter() {
    return town.build("GW-" + ++built);
  }

  private static CommandRequest request(MeterId meter, Action action) {
    return new CommandRequest(meter, action.word(), ActionCodec.parameters(action), "unpaid");
  }

  private CommandId draft(MeterId meter, Action action) {
    return office().draft(request(meter, action), OLIVIA);
  }

  private StoredCommand dryRun(MeterId meter, Action action) {
    return office()
        .dryRun(
            new Wish(List.of(meter), action, "unpaid", Optional.empty(), Optional.empty()), OLIVIA)
        .getFirst();
  }

  private static void sign(CommandOffice office, CommandId id) throws CommandException {
    byte[] keyId = Signed.keyId(KEY.getPublic());
    byte[] signature =
        Signer.of(KEY).sign(Signed.toBeSigned(Purpose.ORDER, keyId, office.order(id)));
    office.sign(id, OLIVIA, keyId, signature);
  }

  private CommandId queued(MeterId meter, Action action) throws CommandException {
    CommandId id = draft(meter, action);
    sign(office(), id);
    return id;
  }

  private void becomes(CommandId id, CommandState state) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(office().state(id)).isEqualTo(state));
  }

  private static List<CommandState> states(CommandId id) {
    return store.commands().steps(id).stream().map(CommandBook.Step::state).toList();
  }

  @Test
  @DisplayName("C9: drafted, released, signed, queued, sent, confirmed; the receipt is the meter's")
  void aLife() throws CommandException {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Disconnect());
    assertThat(sender().round()).isEqualTo(1);
    becomes(id, CommandState.CONFIRMED);
    assertThat(town.house(meter).connected).isFalse();
    assertThat(states(id))
        .containsExactly(
            CommandState.DRAFTED,
            CommandState.RELEASED,
            CommandState.SIGNED,
            CommandState.QUEUED,
            CommandState.SENT,
            CommandState.CONFIRMED);
    byte[] receipt = store.commands().find(id).orElseThrow().receipt().orElseThrow();
    assertThat(
            MeterReceipt.parse(
                    Signed.parse(receipt).open(Purpose.RECEIPT, Town.METER_KEY.getPublic()))
                .id())
        .isEqualTo(id);
    CommandId armed = queued(meter, new Action.Arm());
    sender().round();
    becomes(armed, CommandState.READY);
  }

  @Test
  @DisplayName("C9: no signature but the drafter's, by a key in force, is taken")
  void signatures() throws CommandException {
    CommandId id = draft(meter(), new Action.Disconnect());
    KeyPair stranger = Town.pair();
    byte[] keyId = Signed.keyId(KEY.getPublic());
    byte[] toBeSigned = Signed.toBeSigned(Purpose.ORDER, keyId, office().order(id));
    byte[] forged = Signer.of(stranger).sign(toBeSigned);
    byte[] genuine = Signer.of(KEY).sign(toBeSigned);
    assertThatThrownBy(() -> office().sign(id, OLIVIA, keyId, forged))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> office().sign(id, PETER, keyId, genuine))
        .hasMessageContaining("who drafted it signs it");
    assertThatThrownBy(() -> office().sign(id, OLIVIA, Signed.keyId(stranger.getPublic()), genuine))
        .hasMessageContaining("no operator has this key");
    assertThat(office().state(id)).isEqualTo(CommandState.RELEASED);
    assertThat(sender().round()).as("what is not signed is not sent").isZero();
  }

  @Test
  @DisplayName("C11: a thousand racing drafts release at most N, in all, of a feeder and of a user")
  void racing() throws Exception {
    feeder = "F-race";
    propose("perWindow = 50\nperFeeder = 12\nperUser = 40\nspacing = PT0S");
    MeterId meter = meter();
    CommandOffice office = office();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CommandId>> drafts = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        drafts.add(
            threads.submit(() -> {
              start.await();
              return office.draft(request(meter, new Action.Disconnect()), OLIVIA);
            }));
      }
      start.countDown();
      int released = 0;
      for (Future<CommandId> draft : drafts) {
        released += office.state(draft.get()) == CommandState.RELEASED ? 1 : 0;
      }
      assertThat(released).isEqualTo(12);
    }
    feeder = "F-other";
    int more = 0;
    for (int i = 0; i < 60; i++) {
      feeder = "F-" + i;
      more += office().state(draft(meter, new Action.Connect())) == CommandState.RELEASED ? 1 : 0;
    }
    assertThat(more).as("40 of one user, of which 12 are gone").isEqualTo(28);
    int others = 0;
    for (int i = 0; i < 30; i++) {
      feeder = "F-" + i;
      CommandId id = office().draft(request(meter, new Action.Connect()), PETER);
      others += office().state(id) == CommandState.RELEASED ? 1 : 0;
    }
    assertThat(others).as("50 in all, of which 40 are gone").isEqualTo(10);
  }

  private void propose(String policy) {
    int version = office().policyDesk().propose(policy, "a test", OLIVIA);
    office().policyDesk().decide(version, true, PETER);
  }

  @Test
  @DisplayName("C12: who drafted it cannot release it; another can, and only what was looked at")
  void secondPerson() {
    propose("perWindow = 0");
    CommandId id = draft(meter(), new Action.Disconnect());
    assertThat(office().state(id)).isEqualTo(CommandState.QUARANTINED);
    byte[] order = office().order(id);
    assertThatThrownBy(() -> office().approve(id, OLIVIA, order))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("cannot release it");
    byte[] another = office().order(draft(meter(), new Action.Disconnect()));
    assertThatThrownBy(() -> office().approve(id, PETER, another))
        .hasMessageContaining("look again");
    office().approve(id, PETER, order);
    assertThat(office().state(id)).isEqualTo(CommandState.RELEASED);
    assertThatThrownBy(() -> office().approve(id, PETER, order)).hasMessageContaining("already");
    CommandId refused = draft(meter(), new Action.Disconnect());
    office().refuse(refused, PETER, "the bill was paid");
    assertThat(office().state(refused)).isEqualTo(CommandState.REFUSED);
    assertThatThrownBy(() -> office().approve(refused, PETER, office().order(refused)))
        .hasMessageContaining("already");
  }

  @Test
  @DisplayName("C12: an order that was edited in the database after its signature is not sent")
  void edited() throws Exception {
    MeterId victim = meter();
    CommandId id = queued(meter(), new Action.Disconnect());
    sql("UPDATE command SET meter = '" + victim.value() + "' WHERE id = '" + id.value() + "'");
    sender().round();
    becomes(id, CommandState.REFUSED);
    assertThat(town.house(victim).acts.get()).isZero();
    assertThat(store.commands().find(id).orElseThrow().why()).contains("not the one");
  }

  @Test
  @DisplayName("C13: a threshold changes with two persons, not with one")
  void thresholds() {
    int version = office().policyDesk().propose("perFeeder = 500", "a big storm", OLIVIA);
    assertThat(office().policy()).isEqualTo(CommandPolicy.FIRST);
    assertThatThrownBy(() -> office().policyDesk().decide(version, true, OLIVIA))
        .hasMessageContaining("cannot decide");
    office().policyDesk().decide(version, true, PETER);
    assertThat(office().policy().perFeeder()).isEqualTo(500);
    assertThatThrownBy(() -> office().policyDesk().decide(version, false, PETER))
        .hasMessageContaining("no such open proposal");
    assertThatThrownBy(() -> office().policyDesk().propose("perFeedr = 500", "x", OLIVIA))
        .hasMessageContaining("no part of a policy");
    assertThatThrownBy(() -> office().policyDesk().propose("perFeeder = -1", "x", OLIVIA))
        .hasMessageContaining("not negative");
  }

  @Test
  @DisplayName("C14: a price outside its bounds is quarantined")
  void prices() {
    MeterId meter = meter();
    propose("lowestPrice = 0\nhighestPrice = 400000");
    Instant from = CLOCK.instant();
    for (long price : new long[] {0, 287_400, 400_000}) {
      assertThat(office().state(draft(meter, new Action.SetPrice(price, "EUR", from))))
          .isEqualTo(CommandState.RELEASED);
    }
    for (long price : new long[] {-1, 400_001, Long.MAX_VALUE}) {
      assertThat(office().state(draft(meter, new Action.SetPrice(price, "EUR", from))))
          .isEqualTo(CommandState.QUARANTINED);
    }
  }

  @Test
  @DisplayName("C15: mass switching is spread in time: one of a feeder, then the next")
  void spread() throws CommandException {
    propose("perFeeder = 100\nspacing = PT30S");
    feeder = "F-spread";
    List<CommandId> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(queued(meter(), new Action.Disconnect()));
    }
    List<Instant> due =
        ids.stream().map(id -> store.commands().find(id).orElseThrow().due()).toList();
    for (int i = 1; i < due.size(); i++) {
      assertThat(Duration.between(due.get(i - 1), due.get(i))).isEqualTo(Duration.ofSeconds(30));
    }
    CommandSender sender = sender();
    for (int i = 0; i < 10; i++) {
      assertThat(sender.round()).as("at %s", CLOCK.now).isEqualTo(1);
      becomes(ids.get(i), CommandState.CONFIRMED);
      assertThat(sender.round()).isZero();
      CLOCK.now = CLOCK.now.plusSeconds(30);
    }
  }

  @Test
  @DisplayName(
      "C16: a protected customer is not disconnected, by draft, batch, second person or retry")
  void protectedCustomer() throws CommandException {
    MeterId before = meter();
    call(tx -> {
      store.protections().protect(tx, before, "ventilator", SECURITY);
      return before;
    });
    CommandId id = draft(before, new Action.Disconnect());
    assertThat(office().state(id)).isEqualTo(CommandState.REFUSED);
    assertThat(office().state(draft(before, new Action.LimitLoad(500, Duration.ofHours(1)))))
        .isEqualTo(CommandState.REFUSED);
    assertThat(dryRun(before, new Action.Disconnect()).state()).isEqualTo(CommandState.REFUSED);
    assertThat(office().state(draft(before, new Action.Connect())))
        .isEqualTo(CommandState.RELEASED);

    // protected while the command waits for a second person
    propose("perWindow = 0");
    MeterId waiting = meter();
    CommandId quarantined = draft(waiting, new Action.Disconnect());
    call(tx -> {
      store.protections().protect(tx, waiting, "dialysis", SECURITY);
      return waiting;
    });
    office().approve(quarantined, PETER, office().order(quarantined));
    assertThat(office().state(quarantined)).isEqualTo(CommandState.REFUSED);

    // protected after its signature, and between two attempts
    propose("perWindow = 1000");
    MeterId after = meter();
    CommandId signed = queued(after, new Action.Disconnect());
    town.loss = Town.Loss.THE_COMMAND;
    town.remembering = false;
    CommandSender sender = sender();
    sender.round();
    becomes(signed, CommandState.IN_DOUBT);
    call(tx -> {
      store.protections().protect(tx, after, "ventilator", SECURITY);
      return after;
    });
    town.loss = Town.Loss.NOTHING;
    CLOCK.now = CLOCK.now.plusSeconds(60);
    sender.round();
    becomes(signed, CommandState.FAILED);
    assertThat(town.house(after).acts.get()).isZero();
  }

  @Test
  @DisplayName("C20: a quarantined meter is not commanded")
  void quarantined() throws CommandException {
    MeterId meter = meter();
    CommandId queued = queued(meter, new Action.Disconnect());
    town.quarantine(meter);
    assertThat(office().state(draft(meter, new Action.Read()))).isEqualTo(CommandState.REFUSED);
    sender().round();
    becomes(queued, CommandState.REFUSED);
    assertThat(town.house(meter).acts.get()).isZero();
  }

  @Test
  @DisplayName(
      "C27: where the audit log fails or lags behind, no command is drafted, approved, signed or"
          + " sent")
  void auditFails() throws Exception {
    MeterId meter = meter();
    CommandId queued = queued(meter, new Action.Disconnect());
    CommandId released = draft(meter, new Action.Disconnect());
    audited = false;
    assertThatThrownBy(() -> draft(meter, new Action.Disconnect()))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("audit log");
    assertThatThrownBy(() -> sign(office(), released)).hasMessageContaining("audit log");
    assertThat(sender().round()).isZero();
    audited = true;
    // a log that cannot be written takes the act with it
    sql(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'no space left on device'; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT ON audit_log"
            + " FOR EACH STATEMENT EXECUTE FUNCTION full_disk()");
    try {
      assertThatThrownBy(() -> draft(meter, new Action.Disconnect()))
          .isInstanceOf(StoreException.class);
      sender().round();
      sender.orElseThrow().close(); // it has tried
      assertThat(office().state(queued)).isEqualTo(CommandState.QUEUED);
      assertThat(town.house(meter).acts.get()).isZero();
    } finally {
      sql("DROP TRIGGER full_disk ON audit_log", "DROP FUNCTION full_disk()");
    }
    CLOCK.now = CLOCK.now.plus(Duration.ofMinutes(3)); // the lease of the one who could not
    sender().round();
    becomes(queued, CommandState.CONFIRMED);
  }

  @Test
  @DisplayName("a receipt that was lost: the meter is asked before anything is sent again")
  void lostReceipt() throws CommandException {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Disconnect());
    town.remembering = false;
    town.loss = Town.Loss.THE_RECEIPT;
    sender().round();
    becomes(id, CommandState.IN_DOUBT);
    town.loss = Town.Loss.NOTHING;
    CLOCK.now = CLOCK.now.plusSeconds(60);
    sender().round();
    becomes(id, CommandState.CONFIRMED);
    assertThat(town.house(meter).acts.get()).as("done once").isEqualTo(1);
    assertThat(store.commands().find(id).orElseThrow().why()).contains("read back");
  }

  @Test
  @DisplayName(
      "a command that was lost is sent again; a meter that remembers gives the same receipt")
  void lostCommand() throws CommandException {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Disconnect());
    town.loss = Town.Loss.THE_COMMAND;
    sender().round();
    becomes(id, CommandState.IN_DOUBT);
    town.loss = Town.Loss.THE_RECEIPT;
    CLOCK.now = CLOCK.now.plusSeconds(60);
    sender().round();
    await().until(() -> town.house(meter).acts.get() == 1);
    becomes(id, CommandState.IN_DOUBT);
    town.loss = Town.Loss.NOTHING;
    CLOCK.now = CLOCK.now.plusSeconds(600);
    sender().round();
    becomes(id, CommandState.CONFIRMED);
    assertThat(town.house(meter).acts.get()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "after kill -9 the next process takes over at once what its predecessor had in hand, and"
          + " nothing that a living one has")
  void takenOver() throws Exception {
    MeterId meter = meter();
    MeterId other = meter();
    CommandId mine = queued(meter, new Action.Disconnect());
    CommandId theirs = queued(other, new Action.Disconnect());
    UUID holder = UUID.randomUUID();
    UUID living = UUID.randomUUID();
    String lease =
        "UPDATE command SET state = 'SENT', attempts = 1, leased_by = '%s', leased_until = '"
            + CLOCK.now.plus(Duration.ofMinutes(2))
            + "' WHERE id = '%s'";
    sql(lease.formatted(holder, mine.value()), lease.formatted(living, theirs.value()));
    town.remembering = false;
    assertThat(sender().round()).as("a third process takes neither").isZero();
    assertThat(sender(holder).round()).isEqualTo(1);
    becomes(mine, CommandState.CONFIRMED);
    assertThat(states(mine)).as("asked before it was sent again").contains(CommandState.IN_DOUBT);
    assertThat(town.house(meter).acts.get()).isEqualTo(1);
    assertThat(office().state(theirs)).isEqualTo(CommandState.SENT);
    CLOCK.now = CLOCK.now.plus(Duration.ofMinutes(2));
    sender.orElseThrow().round();
    becomes(theirs, CommandState.CONFIRMED);
  }

  @Test
  @DisplayName("a meter that calls in makes what was put off for it due at once")
  void calledIn() throws Exception {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Read());
    sql(
        "UPDATE command SET put_off = '"
            + CLOCK.now.plus(Duration.ofMinutes(10))
            + "' WHERE id = '"
            + id.value()
            + "'");
    CommandSender one = sender();
    assertThat(one.round()).isZero();
    CountDownLatch news = new CountDownLatch(1);
    try (PutOffs waiting =
        new PutOffs(store.commands(), () -> Duration.ofSeconds(10), news::countDown)) {
      waiting.look();
      waiting.heard(meter());
      waiting.heard(meter);
      assertThat(news.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(one.round()).isEqualTo(1);
    becomes(id, CommandState.CONFIRMED);
  }

  @Test
  @DisplayName("C15: meters that call in together are not switched together")
  void calledInTogether() throws Exception {
    feeder = "F-storm";
    propose("spacing = PT0S");
    List<CommandId> ids = new ArrayList<>();
    List<MeterId> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(meter());
      ids.add(queued(all.getLast(), new Action.Disconnect()));
    }
    feeder = "";
    sql(
        "UPDATE command SET put_off = '"
            + CLOCK.now.plus(Duration.ofMinutes(10))
            + "' WHERE feeder = 'F-storm' AND state = 'QUEUED'");
    for (MeterId meter : all) {
      assertThat(store.commands().wake(meter, Duration.ofSeconds(30))).isTrue();
    }
    CommandSender one = sender();
    for (CommandId id : ids) {
      assertThat(one.round()).isEqualTo(1);
      becomes(id, CommandState.CONFIRMED);
      assertThat(one.round()).isZero();
      CLOCK.now = CLOCK.now.plusSeconds(30);
    }
  }

  @Test
  @DisplayName("C12: many are released in one act, each for itself; doing it twice changes nothing")
  void many() {
    propose("perWindow = 0");
    List<CommandId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(draft(meter(), new Action.Disconnect()));
    }
    MeterId ventilated = meter();
    CommandId medical = draft(ventilated, new Action.Disconnect());
    office().protectionDesk().protect(ventilated, "ventilator", PETER);
    CommandId edited = draft(meter(), new Action.Disconnect());
    CommandId unknown = new CommandId(UUID.randomUUID());
    SequencedMap<CommandId, byte[]> seen = new LinkedHashMap<>();
    ids.forEach(id -> seen.put(id, office().order(id)));
    seen.put(medical, office().order(medical));
    seen.put(edited, office().order(medical));
    seen.put(unknown, new byte[1]);
    SecondPerson desk = office().secondPerson();
    assertThat(desk.approve(seen, OLIVIA))
        .as("not by who drafted them")
        .allSatisfy(o -> assertThat(o).isInstanceOf(SecondPerson.Outcome.Not.class));
    for (int time = 0; time < 2; time++) {
      List<SecondPerson.Outcome> outcomes = desk.approve(seen, PETER);
      assertThat(outcomes).hasSize(8);
      for (int i = 0; i < 5; i++) {
        assertThat(outcomes.get(i))
            .isInstanceOfSatisfying(
                SecondPerson.Outcome.Decided.class,
                d -> assertThat(d.command().state()).isEqualTo(CommandState.RELEASED));
      }
      assertThat(outcomes.get(6))
          .isInstanceOfSatisfying(
              SecondPerson.Outcome.Not.class,
              n -> assertThat(n.fault().remedy()).contains("look again"));
      assertThat(outcomes.get(7)).isInstanceOf(SecondPerson.Outcome.Not.class);
    }
    assertThat(office().state(medical)).isEqualTo(CommandState.REFUSED);
    assertThat(states(ids.getFirst()))
        .containsExactly(CommandState.DRAFTED, CommandState.QUARANTINED, CommandState.RELEASED);
    assertThat(desk.refuse(ids, PETER, "a false alarm"))
        .allSatisfy(o -> assertThat(o).isInstanceOf(SecondPerson.Outcome.Decided.class));
    assertThat(desk.refuse(ids, PETER, "a false alarm"))
        .allSatisfy(o -> assertThat(o).isInstanceOf(SecondPerson.Outcome.Decided.class));
    List<CommandId> tooMany = new ArrayList<>();
    for (int i = 0; i <= SecondPerson.MOST; i++) {
      tooMany.add(new CommandId(UUID.randomUUID()));
    }
    assertThatThrownBy(() -> desk.refuse(tooMany, PETER, "x")).hasMessageContaining("1 to 1000");
  }

  @Test
  @DisplayName("C16: a consumer's protection is lifted by two persons, not by one")
  void twoLift() {
    MeterId meter = meter();
    ProtectionDesk desk = office().protectionDesk();
    assertThatThrownBy(() -> desk.ask(meter, "moved", OLIVIA))
        .hasMessageContaining("not protected");
    desk.protect(meter, "dialysis", OLIVIA);
    assertThatThrownBy(() -> desk.decide(meter, true, PETER)).hasMessageContaining("nobody asks");
    desk.ask(meter, "moved away", OLIVIA);
    assertThatThrownBy(() -> desk.ask(meter, "moved away", PETER))
        .hasMessageContaining("olivia asks for it already");
    assertThatThrownBy(() -> desk.decide(meter, true, OLIVIA))
        .hasMessageContaining("who asked for it cannot decide");
    assertThat(office().state(draft(meter, new Action.Disconnect())))
        .as("still protected")
        .isEqualTo(CommandState.REFUSED);
    desk.decide(meter, false, PETER);
    assertThat(desk.of(meter)).hasValueSatisfying(p -> assertThat(p.lift()).isEmpty());
    desk.ask(meter, "moved away, seen", PETER);
    desk.decide(meter, true, OLIVIA);
    assertThat(desk.of(meter)).isEmpty();
    assertThat(office().state(draft(meter, new Action.Disconnect())))
        .isEqualTo(CommandState.RELEASED);
    audited = false;
    assertThatThrownBy(() -> desk.protect(meter, "again", OLIVIA)).hasMessageContaining("audit");
  }

  @Test
  @DisplayName(
      "a process that dies between its step and its sending: the next one asks, then sends")
  void diedBeforeSending() throws Exception {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Disconnect());
    // as the one that died left it: the step stands, the lease runs out
    sql("UPDATE command SET state = 'SENT', attempts = 1 WHERE id = '" + id.value() + "'");
    town.remembering = false;
    sender().round();
    becomes(id, CommandState.CONFIRMED);
    assertThat(town.house(meter).acts.get()).isEqualTo(1);
    assertThat(states(id)).contains(CommandState.IN_DOUBT);
  }

  @Test
  @DisplayName(
      "what was signed by a key that is revoked since is not sent; what is too late expires")
  void revokedOrLate() throws Exception {
    MeterId meter = meter();
    CommandId late = queued(meter, new Action.Disconnect());
    CLOCK.now = CLOCK.now.plus(Duration.ofHours(25));
    sender().round();
    becomes(late, CommandState.EXPIRED);
    CommandId revoked = queued(meter, new Action.Disconnect());
    byte[] keyId = Signed.keyId(KEY.getPublic());
    call(tx -> store.operatorKeys().revoke(tx, keyId, SECURITY));
    try {
      sender().round();
      becomes(revoked, CommandState.REFUSED);
    } finally {
      sql("UPDATE operator_key SET revoked = NULL");
    }
    assertThat(town.house(meter).acts.get()).isZero();
  }

  @Test
  @DisplayName("what somebody refuses while its sender has it in hand already is not sent")
  void refusedAtTheLastMoment() throws CommandException {
    MeterId meter = meter();
    CommandId id = queued(meter, new Action.Disconnect());
    town.whenAsked = () -> office().refuse(id, PETER, "stop");
    CommandSender sender = sender();
    assertThat(sender.round()).isEqualTo(1);
    sender.close(); // it has tried
    town.whenAsked = () -> {};
    assertThat(office().state(id)).isEqualTo(CommandState.REFUSED);
    assertThat(town.house(meter).acts.get()).isZero();
    assertThat(states(id)).doesNotContain(CommandState.SENT);
  }

  @Test
  @DisplayName(
      "what was not taken has failed; what may have been done before is in doubt all the same")
  void notTaken() throws CommandException {
    town.loss = Town.Loss.REFUSAL;
    CommandId first = queued(meter(), new Action.Disconnect());
    sender().round();
    becomes(first, CommandState.FAILED);
    assertThat(store.commands().find(first).orElseThrow().why()).contains("nothing was sent");
    town.loss = Town.Loss.THE_RECEIPT;
    CommandId second = queued(meter(), new Action.Disconnect());
    sender().round();
    becomes(second, CommandState.IN_DOUBT);
    town.loss = Town.Loss.REFUSAL;
    CLOCK.now = CLOCK.now.plusSeconds(60);
    sender().round();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> states(second).stream().filter(CommandState.SENT::equals).count() == 2);
    becomes(second, CommandState.IN_DOUBT);
  }

  @Test
  @DisplayName(
      "what was done is found out after its time, too; where it cannot be told, that is said")
  void doubtAfterItsTime() throws CommandException {
    MeterId done = meter();
    CommandId lost = queued(done, new Action.Disconnect());
    town.loss = Town.Loss.THE_RECEIPT;
    sender().round();
    becomes(lost, CommandState.IN_DOUBT);
    MeterId silent = meter();
    town.loss = Town.Loss.THE_COMMAND;
    CommandId unknown = queued(silent, new Action.SetClock());
    sender().round();
    becomes(unknown, CommandState.IN_DOUBT);
    town.loss = Town.Loss.NOTHING;
    CLOCK.now = CLOCK.now.plus(Duration.ofHours(25));
    sender().round();
    becomes(lost, CommandState.CONFIRMED);
    assertThat(town.house(done).acts.get()).isEqualTo(1);
    becomes(unknown, CommandState.FAILED); // it stands otherwise than the action would have it
    town.mute = true;
    CommandId third = queued(silent, new Action.SetClock());
    town.loss = Town.Loss.THE_COMMAND;
    sender().round();
    becomes(third, CommandState.IN_DOUBT);
    town.loss = Town.Loss.NOTHING;
    CLOCK.now = CLOCK.now.plus(Duration.ofHours(25));
    sender().round();
    becomes(third, CommandState.FAILED);
    assertThat(store.commands().find(third).orElseThrow().why()).contains("cannot be told");
  }

  @Test
  @DisplayName("each step is told to who watches once it is durable, and none that failed")
  void told() throws CommandException {
    List<LiveEvent> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
    CommandOffice office =
        new CommandOffice(
            store.unitOfWork(),
            store.commands(),
            store.policies(),
            store.protections(),
            store.operatorKeys(),
            town,
            meter -> feeder,
            () -> audited,
            CLOCK,
            heard::add);
    MeterId meter = meter();
    CommandId id = office.draft(request(meter, new Action.Disconnect()), OLIVIA);
    assertThatThrownBy(() -> office.approve(id, PETER, office.order(id)))
        .hasMessageContaining("already");
    sign(office, id);
    assertThat(heard)
        .extracting(event -> ((LiveEvent.CommandMoved) event).state())
        .containsExactly(
            CommandState.DRAFTED, CommandState.RELEASED, CommandState.SIGNED, CommandState.QUEUED);
  }
}
