package org.gridwarden.store;

import java.security.PublicKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.gridwarden.core.Actor;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Tx;
import org.gridwarden.security.KeptKeys;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;

/**
 * The office's meters: who they are, where they are mounted, their wrapped keys, and those that
 * wait to be known. The directory answers from memory; changes are made through this object, one at
 * a time, and are seen at once. Thread-safe.
 */
public final class MeterRegistry implements MeterDirectory, KeptKeys {
  private final Transactions transactions;
  private final InstantSource clock;
  private final MeterIndex index = new MeterIndex();
  private final MeterList list;
  private final WaitingList waiting;
  private final RefusedMessages refused;
  private final List<Consumer<MeterId>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock writing = new ReentrantLock();

  MeterRegistry(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
    this.list = new MeterList(transactions);
    this.waiting = new WaitingList(transactions, index, WaitingList.MOST);
    this.refused = new RefusedMessages(transactions);
    refresh();
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return index.byId(id);
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return index.bySystemTitle(systemTitle);
  }

  /** None where several meters have the serial. */
  @Override
  public Optional<Meter> bySerial(String serial) {
    return index.bySerial(serial);
  }

  /** How many meters there are, retired ones included. */
  public int count() {
    return index.size();
  }

  /** The zones in which registered meters have their days. */
  public Set<ZoneId> zones() {
    return index.zones();
  }

  /** A page of meters. */
  public MeterPage list(MeterQuery query) {
    return list.page(query);
  }

  /**
   * All meters of a query, whatever its page and size, lazily.
   *
   * @return holds a connection: to be closed by the caller
   */
  public Stream<MeterRow> stream(MeterQuery query) {
    return list.stream(query);
  }

  /** One meter as lists show it. */
  public Optional<MeterRow> row(MeterId id) {
    return list.row(id);
  }

  /** The meters at some service points, by id; at most a thousand. */
  public List<MeterRow> at(Collection<String> servicePoints) {
    return list.at(servicePoints);
  }

  /** Meters that are not known yet. */
  public WaitingList waiting() {
    return waiting;
  }

  /** Messages that could not be stored. */
  public RefusedMessages refused() {
    return refused;
  }

  /** Reads everything anew, after somebody else changed the database. */
  public void refresh() {
    writing.lock();
    try {
      index.replaceAll(list.all());
    } finally {
      writing.unlock();
    }
  }

  /**
   * Registers a meter or changes what is known of it. Its keys stay. A new service point is taken
   * as a move that happens now.
   *
   * @param servicePoint where it is mounted; empty where that is not known
   * @throws StoreException where another meter has its system title
   */
  public void put(Meter meter, String servicePoint) {
    Instant now = clock.instant();
    change(c -> {
      int number = upsert(c, meter);
      Optional<MeterIndex.Known> known = index.known(meter.id());
      String before = known.map(MeterIndex.Known::servicePoint).orElse("");
      if (!before.equals(servicePoint)) {
        MeterPoints.unmount(c, number, now);
        if (!servicePoint.isEmpty()) {
          MeterPoints.mount(c, List.of(number), List.of(servicePoint), now);
        }
      }
      return List.of(
          new MeterIndex.Known(
              number, meter, servicePoint, known.map(MeterIndex.Known::feeder).orElse("")));
    });
  }

  /**
   * Puts a meter in or out of service, or in quarantine.
   *
   * @return false where it is not known
   */
  public boolean setState(MeterId id, Meter.State state) {
    return change(id, is -> with(is, state, is.reach()));
  }

  /**
   * A meter's number in the database.
   *
   * @throws IllegalArgumentException where it is not known
   */
  public int number(MeterId id) {
    return mustKnow(id).number();
  }

  /** What a transaction does to meters, beside what else it does. */
  public interface Changes {
    /** The transaction. */
    Tx tx();

    /**
     * Puts a meter in or out of service, or in quarantine.
     *
     * @return whether that is new
     */
    boolean state(MeterId meter, Meter.State from, Meter.State to);

    /**
     * Puts all keys of a meter out of force: from the commit on nothing under them is taken.
     *
     * @return how many there were
     */
    int revokeKeys(MeterId meter);

    /**
     * Gives a meter whose keys were revoked those of a line: what else the line says of it must be
     * what is known.
     *
     * @return how many there are
     * @throws IllegalArgumentException naming what stands against it
     */
    int replaceKeys(ShipmentLine line, OfficeKey office, Actor by, String reason);
  }

  /**
   * One transaction that may change meters: what follows from an event, say. Seen by the directory
   * as soon as it is committed. No import and no other change runs beside it.
   */
  public <T> T changing(Function<Changes, T> work) {
    List<T> result = new ArrayList<>(1);
    change(c -> {
      MeterChanges changes = new MeterChanges(c, index, clock.instant());
      result.add(work.apply(changes));
      return changes.touched().isEmpty() ? List.of() : list.some(c, changes.touched());
    });
    return result.getFirst();
  }

  /**
   * Changes how a meter is reached.
   *
   * @return false where it is not known
   */
  public boolean setReach(MeterId id, Reach reach) {
    return change(id, is -> with(is, is.state(), reach));
  }

  private boolean change(MeterId id, UnaryOperator<Meter> change) {
    Optional<MeterIndex.Known> known = index.known(id);
    known.ifPresent(is -> put(change.apply(is.meter()), is.servicePoint()));
    return known.isPresent();
  }

  private static Meter with(Meter is, Meter.State state, Reach reach) {
    return new Meter(
        is.id(),
        is.serial(),
        is.systemTitle(),
        is.profile(),
        is.zone(),
        state,
        is.policy(),
        reach,
        is.signing());
  }

  /**
   * Exchanges a service point's meter. Each meter's readings stay its own: what a register stood at
   * in one is never compared with the other.
   *
   * @param from the meter that is taken down
   * @param to the one that is mounted in its place; mounted nowhere before
   * @param at when
   * @throws IllegalArgumentException naming what stands against it
   */
  public void exchange(MeterId from, MeterId to, Instant at) {
    MeterIndex.Known old = mustKnow(from);
    MeterIndex.Known fresh = mustKnow(to);
    String point = old.servicePoint();
    if (point.isEmpty()) {
      throw new IllegalArgumentException("meter " + from + " is mounted nowhere");
    }
    if (!fresh.servicePoint().isEmpty()) {
      throw new IllegalArgumentException(
          "meter " + to + " is mounted at " + fresh.servicePoint() + "; take it down there first");
    }
    change(c -> {
      feeder(c, old.number(), "");
      feeder(c, fresh.number(), old.feeder());
      if (!MeterPoints.unmount(c, old.number(), at)) {
        throw new IllegalArgumentException(
            "meter " + from + " was not mounted at " + point + " before " + at);
      }
      MeterPoints.mount(c, List.of(fresh.number()), List.of(point), at);
      return List.of(
          new MeterIndex.Known(old.number(), old.meter(), "", ""),
          new MeterIndex.Known(fresh.number(), fresh.meter(), point, old.feeder()));
    });
  }

  /** What a meter hangs on; empty where that is not known. From memory. */
  public String feeder(MeterId id) {
    return index.known(id).map(MeterIndex.Known::feeder).orElse("");
  }

  /**
   * Says what a meter hangs on.
   *
   * @param feeder empty where that is not known
   * @return false where the meter is not known
   */
  public boolean setFeeder(MeterId id, String feeder) {
    if (index.known(id).isEmpty()) {
      return false;
    }
    change(c -> {
      MeterIndex.Known is = mustKnow(id);
      feeder(c, is.number(), feeder);
      return List.of(new MeterIndex.Known(is.number(), is.meter(), is.servicePoint(), feeder));
    });
    return true;
  }

  /** With what a meter signs its receipts, as its shipment said; empty for one that cannot sign. */
  public Optional<PublicKey> receiptKey(MeterId id) {
    return index
        .known(id)
        .flatMap(known ->
            Optional.ofNullable(
                transactions
                    .run(
                        "reading a meter's receipt key",
                        c -> MeterKeys.receiptKeys(c, List.of(known.number())))
                    .get(known.number())))
        .map(spki -> {
          try {
            return P256.publicKey(spki);
          } catch (CommandException e) {
            throw StoreException.at("meter " + id, "its receipt key is damaged", e);
          }
        });
  }

  private static void feeder(java.sql.Connection c, int meter, String feeder)
      throws java.sql.SQLException {
    try (PreparedStatement s = c.prepareStatement("UPDATE meter SET feeder = ? WHERE id = ?")) {
      s.setString(1, feeder);
      s.setInt(2, meter);
      s.executeUpdate();
    }
  }

  /** Which meters were mounted at a service point, the first first. */
  public List<MeterTerm> history(String servicePoint) {
    return transactions.run(
        "reading a service point's history", c -> MeterPoints.history(c, servicePoint));
  }

  /**
   * Brings a shipment in: all of it or, where any line is wrong, nothing. Meters that waited leave
   * the waiting list.
   *
   * @param office opens its keys and wraps those that came in the clear
   * @param dryRun compares and tells, and stores nothing
   */
  public ShipmentResult importShipment(Shipment shipment, OfficeKey office, boolean dryRun) {
    ShipmentResult[] result = new ShipmentResult[1];
    change(c -> {
      MeterImport work = new MeterImport(shipment, office, index);
      work.check(c, shipment.lines());
      boolean store = !dryRun && work.faultless();
      List<MeterIndex.Known> stored = store ? work.store(c, clock.instant()) : List.of();
      result[0] = work.result(dryRun, store);
      return stored;
    });
    return result[0];
  }

  @Override
  public Optional<Wrapped> find(MeterId meter, Purpose purpose) {
    return index
        .known(meter)
        .flatMap(known ->
            transactions.run(
                "reading a meter's keys", c -> MeterKeys.find(c, known.number(), purpose)))
        .map(MeterKeys.Pair::cheaper);
  }

  @Override
  public Optional<Wrapped> findPending(MeterId meter, Purpose purpose) {
    return index
        .known(meter)
        .flatMap(known ->
            transactions.run(
                "reading a meter's keys", c -> MeterKeys.findPending(c, known.number(), purpose)))
        .map(MeterKeys.Pair::cheaper);
  }

  /** Tells who keeps keys open that a meter's have changed; after the commit. */
  void keysChanged(MeterId meter) {
    listeners.forEach(listener -> listener.accept(meter));
  }

  @Override
  public void keepLocal(MeterId meter, Purpose purpose, Wrapped local) {
    index
        .known(meter)
        .ifPresent(known ->
            transactions.run(
                "keeping a key's local form",
                c -> {
                  MeterKeys.keepLocal(c, known.number(), purpose, local);
                  return known;
                }));
  }

  @Override
  public void onChange(Consumer<MeterId> listener) {
    listeners.add(listener);
  }

  private void change(Transactions.Work<List<MeterIndex.Known>> work) {
    writing.lock();
    try {
      List<MeterIndex.Known> changed = transactions.run("changing meters", work);
      index.put(changed);
      for (MeterIndex.Known known : changed) {
        listeners.forEach(listener -> listener.accept(known.meter().id()));
      }
    } finally {
      writing.unlock();
    }
  }

  private MeterIndex.Known mustKnow(MeterId id) {
    return index
        .known(id)
        .orElseThrow(() -> new IllegalArgumentException("meter " + id + " is not known"));
  }

  private static int upsert(java.sql.Connection c, Meter meter) throws java.sql.SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO meter"
                + " (meter_id, serial, system_title, profile, zone, state, push_policy,"
                + " address, link, client, companion, signing)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (meter_id) DO UPDATE SET"
                + " serial = excluded.serial, system_title = excluded.system_title,"
                + " profile = excluded.profile, zone = excluded.zone, state = excluded.state,"
                + " push_policy = excluded.push_policy, address = excluded.address,"
                + " link = excluded.link, client = excluded.client,"
                + " companion = excluded.companion, signing = excluded.signing RETURNING id")) {
      s.setString(1, meter.id().value());
      s.setString(2, meter.serial());
      s.setBytes(3, meter.systemTitle().length == 0 ? null : meter.systemTitle());
      s.setString(4, meter.profile());
      s.setString(5, meter.zone().getId());
      s.setString(6, meter.state().name());
      s.setString(7, meter.policy().name());
      s.setString(8, meter.reach().address());
      s.setString(9, meter.reach().link());
      s.setString(10, meter.reach().client());
      s.setString(11, meter.reach().companion());
      s.setString(12, meter.signing().name());
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getInt(1);
      }
    }
  }
}
