package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.Outbox;
import org.gridwarden.core.Received;
import org.gridwarden.core.SendCounter;

/** The store's parts and how they hang together. */
final class Rooms {
  private final InstantSource clock;
  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Channels channels;
  private final Partitions partitions;
  private final Calendar calendar = new Calendar();
  private final MeterRegistry meters;
  private final Evidence evidence;
  private final Events events;

  Rooms(DataSource source, StoreSettings settings, InstantSource clock) {
    this.clock = clock;
    this.transactions = new Transactions(source);
    this.dictionary = new Dictionary(transactions);
    this.channels = new Channels(transactions);
    this.partitions = new Partitions(transactions, clock);
    this.meters = new MeterRegistry(transactions, clock);
    this.evidence = new Evidence(transactions, dictionary, settings.evidenceRetention(), clock);
    this.events = new Events(transactions, dictionary);
  }

  InstantSource clock() {
    return clock;
  }

  Transactions transactions() {
    return transactions;
  }

  Dictionary dictionary() {
    return dictionary;
  }

  Channels channels() {
    return channels;
  }

  Partitions partitions() {
    return partitions;
  }

  Calendar calendar() {
    return calendar;
  }

  MeterDirectory directory() {
    return meters;
  }

  MeterRegistry meters() {
    return meters;
  }

  /** Notes messages of meters that nobody has registered, in the transaction that refuses them. */
  void noteWaiting(Connection c, List<Received> unknown) throws SQLException {
    meters.waiting().note(c, unknown);
  }

  StoredBlocks blocks() {
    return new StoredBlocks(this);
  }

  StoredReplayWindow windows() {
    return new StoredReplayWindow(this);
  }

  SendCounter sendCounter() {
    return new StoredSendCounter(transactions, clock);
  }

  OfficeAlarms officeAlarms() {
    return new OfficeAlarms(transactions);
  }

  ErasureRequests erasureRequests() {
    return new ErasureRequests(transactions, clock);
  }

  AccessBook access() {
    return new AccessBook(transactions, clock);
  }

  Machines machines() {
    return new Machines(transactions, clock);
  }

  BudgetBook budgets() {
    return new BudgetBook(transactions, clock);
  }

  SimilarHouseholds similarHouseholds() {
    return new SimilarHouseholds(transactions);
  }

  CustomerPoints customerPoints() {
    return new CustomerPoints(transactions, clock);
  }

  AccountBook accounts() {
    return new AccountBook(transactions, clock);
  }

  Agreements agreements() {
    return new Agreements(transactions, clock, accounts());
  }

  VeeExceptions veeExceptions() {
    return new VeeExceptions(transactions, dictionary, channels);
  }

  WorkBook work() {
    return new WorkBook(transactions, dictionary, clock);
  }

  WorkEvidence workEvidence() {
    return new WorkEvidence(transactions, clock);
  }

  ImportBook imports() {
    return new ImportBook(transactions, clock);
  }

  ConsentBook consents() {
    return new ConsentBook(transactions, clock);
  }

  OidcRoles oidcRoles() {
    return new OidcRoles(transactions, clock);
  }

  SecondFactors secondFactors() {
    return new SecondFactors(transactions, clock);
  }

  AccessRoles accessRoles() {
    return new AccessRoles(transactions, clock);
  }

  Users users() {
    return new Users(transactions, clock);
  }

  SshKeys sshKeys() {
    return new SshKeys(transactions, clock);
  }

  AuditTrail auditTrail() {
    return new AuditTrail(transactions);
  }

  CommandBook commands() {
    return new CommandBook(transactions, clock);
  }

  ProtectionBook protections() {
    return new ProtectionBook(transactions, clock);
  }

  KeyBook keys() {
    return new KeyBook(transactions, meters, clock);
  }

  OperatorKeys operatorKeys() {
    return new OperatorKeys(transactions, clock);
  }

  CertificateBook certificates() {
    return new CertificateBook(transactions, clock);
  }

  EnrolmentBook enrolments() {
    return new EnrolmentBook(transactions, clock);
  }

  PolicyBook policies() {
    return new PolicyBook(transactions, clock);
  }

  FirmwareBook firmware() {
    return new FirmwareBook(transactions, clock);
  }

  FirmwareInventory firmwareInventory() {
    return new FirmwareInventory(transactions);
  }

  ImageProgressBook imageProgress() {
    return new ImageProgressBook(transactions, clock);
  }

  TrustBook trust() {
    return new TrustBook(transactions, clock);
  }

  TariffBook tariffs() {
    return new TariffBook(transactions, clock);
  }

  LedgerBook ledger() {
    return new LedgerBook(transactions, clock);
  }

  CampaignBook campaigns() {
    return new CampaignBook(transactions, clock);
  }

  IntegrityBook integrity() {
    return new IntegrityBook(transactions);
  }

  AuditTree auditTree() {
    return new AuditTree(transactions);
  }

  EvidenceTree evidenceTree() {
    return new EvidenceTree(transactions, dictionary, channels, clock);
  }

  BillBook bills() {
    return new BillBook(transactions, clock);
  }

  MeterDaySignatures meterDaySignatures() {
    return new MeterDaySignatures(transactions, dictionary, channels);
  }

  PrepaidBook prepaid() {
    return new PrepaidBook(transactions, dictionary);
  }

  PlanBook plans() {
    return new PlanBook(transactions, clock);
  }

  VirtualMeterBook virtualMeters() {
    return new VirtualMeterBook(transactions, clock);
  }

  Companions companions() {
    return new Companions(transactions, dictionary, clock);
  }

  OutletBook outlets() {
    return new OutletBook(transactions, dictionary, clock);
  }

  AuditLog auditLog() {
    return new StoredAuditLog(clock);
  }

  Outbox outbox() {
    return new StoredOutbox();
  }

  IntakeStore intake() {
    return new IntakeStore(this);
  }

  Readings readings() {
    return new Readings(this);
  }

  Events events() {
    return events;
  }

  AlarmQueue alarmQueue() {
    return new AlarmQueue(transactions);
  }

  Alarms alarms() {
    return new Alarms(transactions, dictionary);
  }

  Cases cases() {
    return new Cases(transactions, dictionary);
  }

  Holds holds() {
    return new Holds(transactions, dictionary);
  }

  SlotVersions slotVersions() {
    return new SlotVersions(transactions, dictionary, channels);
  }

  Folding folding() {
    return new Folding(this);
  }

  CollectionStore collection() {
    return new CollectionStore(this);
  }

  Evidence evidence() {
    return evidence;
  }
}
