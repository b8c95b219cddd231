package org.gridwarden.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.Blocks;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Outbox;
import org.gridwarden.core.ReplayWindow;
import org.gridwarden.core.SendCounter;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.store.analytics.AnalyticsLogin;
import org.gridwarden.store.analytics.AnalyticsView;
import org.gridwarden.store.backup.RestoredMark;

/**
 * The office's database: every reading, event, key and command. One process at a time holds a data
 * folder. Thread-safe.
 */
public final class Store implements AutoCloseable {
  private final DataFolder folder;
  private final Optional<EmbeddedPostgres> embedded;
  private final HikariDataSource pool;
  private final Rooms rooms;

  private Store(
      DataFolder folder, Optional<EmbeddedPostgres> embedded, HikariDataSource pool, Rooms rooms) {
    this.folder = folder;
    this.embedded = embedded;
    this.pool = pool;
    this.rooms = rooms;
  }

  /** Opens with the system's clock. */
  public static Store open(StoreSettings settings) {
    return open(settings, InstantSource.system());
  }

  /**
   * Starts the embedded PostgreSQL or connects to the external one, brings the schema up to this
   * version and verifies that commits are durable there.
   *
   * @throws StoreException in one line that names the remedy; nothing is left running then
   */
  public static Store open(StoreSettings settings, InstantSource clock) {
    return open(settings, clock, Upgrade.LOGGED);
  }

  /**
   * The same, with something to be done before an older database is changed.
   *
   * @param upgrade told before migrations run on a database that holds data
   * @throws StoreException in one line that names the remedy, also where the database was written
   *     by a newer version; nothing is left running then
   */
  public static Store open(StoreSettings settings, InstantSource clock, Upgrade upgrade) {
    DataFolder folder = DataFolder.hold(settings.data());
    Optional<EmbeddedPostgres> embedded = Optional.empty();
    HikariDataSource pool = null;
    boolean open = false;
    try {
      boolean withoutChecksums = false;
      switch (settings.database()) {
        case StoreSettings.Embedded(int port) -> {
          EmbeddedPostgres postgres = EmbeddedPostgres.start(settings.data(), port);
          embedded = Optional.of(postgres);
          pool = pool(postgres.url(), EmbeddedPostgres.USER, postgres.password());
        }
        case StoreSettings.External external -> {
          byte[] password = external.password().copy();
          pool =
              pool(external.url(), external.user(), new String(password, StandardCharsets.UTF_8));
          withoutChecksums = external.withoutChecksums();
        }
      }
      try (Connection c = pool.getConnection()) {
        Durability.verify(c, withoutChecksums);
      }
      Schema.bringUpToDate(pool, upgrade);
      Rooms rooms = new Rooms(pool, settings, clock);
      // before anybody can ask for a counter
      Optional<RestoredMark> restored = RestoredMark.find(settings.data());
      restored.ifPresent(m -> AfterRestore.apply(rooms.transactions(), m, clock.instant()));
      Store store = new Store(folder, embedded, pool, rooms);
      embedded.ifPresent(EmbeddedPostgres::supervise);
      open = true;
      return store;
    } catch (SQLException e) {
      throw StoreException.of("connecting", e);
    } catch (IOException e) {
      throw StoreException.at("data folder " + settings.data(), String.valueOf(e.getMessage()), e);
    } catch (FlywayException e) {
      throw StoreException.at(
          "database schema", "cannot be brought up to date: " + e.getMessage(), e);
    } finally {
      if (!open) {
        if (pool != null) {
          pool.close();
        }
        embedded.ifPresent(EmbeddedPostgres::close);
        folder.close();
      }
    }
  }

  public UnitOfWork unitOfWork() {
    return rooms.transactions();
  }

  public Blocks blocks() {
    return rooms.blocks();
  }

  public ReplayWindow replayWindow() {
    return rooms.windows();
  }

  public SendCounter sendCounter() {
    return rooms.sendCounter();
  }

  public AuditLog auditLog() {
    return rooms.auditLog();
  }

  public Outbox outbox() {
    return rooms.outbox();
  }

  /** Meters, their keys, and those that wait to be known. */
  public MeterRegistry meters() {
    return rooms.meters();
  }

  /** People who may log in. */
  public Users users() {
    return rooms.users();
  }

  /** The keys with which they come in over SSH. */
  public SshKeys sshKeys() {
    return rooms.sshKeys();
  }

  /** The office's own roles. */
  public AccessRoles accessRoles() {
    return rooms.accessRoles();
  }

  /** Machines that ask in their own name. */
  public Machines machines() {
    return rooms.machines();
  }

  /** Consumers' service points. */
  public CustomerPoints customerPoints() {
    return rooms.customerPoints();
  }

  /** What consumers want a month to cost at most. */
  public BudgetBook budgets() {
    return rooms.budgets();
  }

  /** How much households that are alike used. */
  public SimilarHouseholds similarHouseholds() {
    return rooms.similarHouseholds();
  }

  /** Whom the office supplies and bills. */
  public AccountBook accounts() {
    return rooms.accounts();
  }

  /** Who is supplied where, since when and by which tariff. */
  public Agreements agreements() {
    return rooms.agreements();
  }

  /** What validation left to people. */
  public VeeExceptions veeExceptions() {
    return rooms.veeExceptions();
  }

  /** Work in the field. */
  public WorkBook work() {
    return rooms.work();
  }

  /** What shows that it was done. */
  public WorkEvidence workEvidence() {
    return rooms.workEvidence();
  }

  /** Files of readings that people took in. */
  public ImportBook imports() {
    return rooms.imports();
  }

  /** Third parties, and which consumers let them see what. */
  public ConsentBook consents() {
    return rooms.consents();
  }

  /** Which words of an identity provider give which role. */
  public OidcRoles oidcRoles() {
    return rooms.oidcRoles();
  }

  /** Users' second factors. */
  public SecondFactors secondFactors() {
    return rooms.secondFactors();
  }

  /** The audit log, to be read. */
  public AuditTrail auditTrail() {
    return rooms.auditTrail();
  }

  /** Commands and their steps. */
  public CommandBook commands() {
    return rooms.commands();
  }

  /** Consumers whose power nobody switches off from afar. */
  public ProtectionBook protections() {
    return rooms.protections();
  }

  /** Meters' keys on their way from one to the next. */
  public KeyBook keys() {
    return rooms.keys();
  }

  /** The keys that commands are signed with. */
  public OperatorKeys operatorKeys() {
    return rooms.operatorKeys();
  }

  /** Certificates that the office issued. */
  public CertificateBook certificates() {
    return rooms.certificates();
  }

  /** Who may enrol, and requests for certificates. */
  public EnrolmentBook enrolments() {
    return rooms.enrolments();
  }

  /** The versions of the commands' policy. */
  public PolicyBook policies() {
    return rooms.policies();
  }

  /** Firmware images, and what meters run. */
  public FirmwareBook firmware() {
    return rooms.firmware();
  }

  /** What meters run, counted, and whose images are taken. */
  public FirmwareInventory firmwareInventory() {
    return rooms.firmwareInventory();
  }

  /** Firmware images on their way to meters. */
  public ImageProgressBook imageProgress() {
    return rooms.imageProgress();
  }

  /** Whom meters obey. */
  public TrustBook trust() {
    return rooms.trust();
  }

  /** What energy costs, version by version. */
  public TariffBook tariffs() {
    return rooms.tariffs();
  }

  /** What accounts owe and have. */
  public LedgerBook ledger() {
    return rooms.ledger();
  }

  /** Firmware campaigns. */
  public CampaignBook campaigns() {
    return rooms.campaigns();
  }

  /** What stored data was when it was vouched for. */
  public IntegrityBook integrity() {
    return rooms.integrity();
  }

  /** The audit log's tree, which shows that nothing of it was changed. */
  public AuditTree auditTree() {
    return rooms.auditTree();
  }

  /** What readings were before they were billed, and bills: a tree of its own. */
  public EvidenceTree evidenceTree() {
    return rooms.evidenceTree();
  }

  /** Bills, and the runs that made them. */
  public BillBook bills() {
    return rooms.bills();
  }

  /** What meters signed of their days themselves. */
  public MeterDaySignatures meterDaySignatures() {
    return rooms.meterDaySignatures();
  }

  /** What follows from balances of those who pay beforehand. */
  public PrepaidBook prepaid() {
    return rooms.prepaid();
  }

  /** Plans by which a year's cost is asked for in equal instalments. */
  public PlanBook plans() {
    return rooms.plans();
  }

  /** Meters that nobody put up. */
  public VirtualMeterBook virtualMeters() {
    return rooms.virtualMeters();
  }

  /** Which meters are held against each other. */
  public Companions companions() {
    return rooms.companions();
  }

  /** How power strips' outlets are called, and where they are. */
  public OutletBook outlets() {
    return rooms.outlets();
  }

  /** The office's lives: each restore began one. */
  public Epochs epochs() {
    return new Epochs(rooms.transactions());
  }

  /** Deletes readings beyond their retention. */
  public OldReadings oldReadings() {
    return new OldReadings();
  }

  /** Erases what is personal. */
  public Erasure erasure() {
    return new Erasure(rooms.meters(), rooms.clock());
  }

  /** Where received messages become durable. */
  public IntakeStore intake() {
    return rooms.intake();
  }

  /** Questions about readings. */
  public Readings readings() {
    return rooms.readings();
  }

  /** Questions about events. */
  public Events events() {
    return rooms.events();
  }

  /** Events that nobody has judged yet. */
  public AlarmQueue alarmQueue() {
    return rooms.alarmQueue();
  }

  /** Writes alarms for the desk that judges events. */
  public AlarmWriter alarmWriter() {
    return new AlarmWriter();
  }

  /** What is wrong now, and what was. */
  public Alarms alarms() {
    return rooms.alarms();
  }

  /** What is looked into at meters. */
  public Cases cases() {
    return rooms.cases();
  }

  /** What is kept and not billed. */
  public Holds holds() {
    return rooms.holds();
  }

  /** What stands in the place of raw slots. */
  public SlotVersions slotVersions() {
    return rooms.slotVersions();
  }

  /** Alarms about the office itself. */
  public OfficeAlarms officeAlarms() {
    return rooms.officeAlarms();
  }

  /** Who asks for what to be erased. */
  public ErasureRequests erasureRequests() {
    return rooms.erasureRequests();
  }

  /** Whom meters let in, as it is and as it is wanted. */
  public AccessBook access() {
    return rooms.access();
  }

  /** Moves single slots into day rows. */
  public Folding folding() {
    return rooms.folding();
  }

  /** What is due of the meters that are read. */
  public CollectionStore collection() {
    return rooms.collection();
  }

  /** Raw messages, as they arrived. */
  public Evidence evidence() {
    return rooms.evidence();
  }

  /**
   * Who this process is to others on the same database: the data folder that it holds, which no two
   * processes hold. The next process on the folder is the same, once this one is dead.
   */
  public UUID holder() {
    return folder.id();
  }

  /** Fills torn tables again. */
  public TableRepair repair() {
    return new TableRepair(this, rooms);
  }

  /**
   * Does something with the right to pass over torn pages, which the office has at no other time.
   *
   * @throws StoreException where the database is not the embedded one
   */
  <T> T withTornPages(Supplier<T> act) {
    EmbeddedPostgres postgres =
        embedded.orElseThrow(() ->
            StoreException.at(
                "database", "it is not the embedded one: have its administrator mend it"));
    postgres.mayPassTornPages(true);
    try {
      return act.get();
    } finally {
      postgres.mayPassTornPages(false);
    }
  }

  /**
   * Opens the way of analytics to this database (C32): connections of its own, under a login that
   * reads no name.
   *
   * @param login that login where the database is external, which is let read the views here; the
   *     embedded one makes its own
   * @throws StoreException where an external database has no such login
   */
  public AnalyticsView analytics(Optional<AnalyticsLogin> login) {
    if (embedded.isPresent()) {
      EmbeddedPostgres postgres = embedded.get();
      return new AnalyticsView(postgres.url(), postgres.analyticsLogin());
    }
    AnalyticsLogin other =
        login.orElseThrow(() ->
            StoreException.at(
                Fault.Code.CONFLICT,
                "analytics.user",
                "name a role of the database that analytics read with: CREATE ROLE"
                    + " gridwarden_analytics LOGIN PASSWORD '...'"));
    try (Connection c = pool.getConnection();
        Statement s = c.createStatement()) {
      s.execute(
          "GRANT SELECT ON "
              + AnalyticsView.VIEWS
              + " TO "
              + s.enquoteIdentifier(other.user(), true));
    } catch (SQLException e) {
      throw StoreException.of("letting analytics read", e);
    }
    return new AnalyticsView(pool.getJdbcUrl(), other);
  }

  /** Whether the database answers. */
  public Health health() {
    try (Connection c = pool.getConnection()) {
      if (c.isValid(5)) {
        String where =
            embedded
                .map(p -> "embedded, port " + p.port() + ", process " + p.pid())
                .orElse("external");
        return new Health(Health.State.UP, "PostgreSQL, " + where);
      }
      return new Health(Health.State.DOWN, "the database does not answer");
    } catch (SQLException e) {
      return new Health(Health.State.DOWN, StoreException.of("asking it", e).fault().remedy());
    }
  }

  /** The embedded PostgreSQL's process; empty where the database is external. For tests. */
  public Optional<Long> databaseProcess() {
    return embedded.map(EmbeddedPostgres::pid);
  }

  /** Stops the embedded PostgreSQL, too. */
  @Override
  public void close() {
    pool.close();
    embedded.ifPresent(EmbeddedPostgres::close);
    folder.close();
  }

  /** Plain connections for reports and benchmarks; what readings mean is in the views. */
  public DataSource dataSource() {
    return pool;
  }

  /** For this room's tests. */
  Transactions transactions() {
    return rooms.transactions();
  }

  private static HikariDataSource pool(String url, String user, String password) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(24);
    config.setMinimumIdle(2);
    config.setInitializationFailTimeout(10_000);
    config.addDataSourceProperty("ApplicationName", "gridwarden");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("prepareThreshold", "1");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    // whatever the role's defaults are: a commit of ours is on disk, and time is UTC
    config.addDataSourceProperty("options", "-c synchronous_commit=on -c TimeZone=UTC");
    try {
      return new HikariDataSource(config);
    } catch (com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
      throw StoreException.at(
          "database at " + url.replaceAll("\\?.*", ""),
          "does not take our login: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
  }
}
