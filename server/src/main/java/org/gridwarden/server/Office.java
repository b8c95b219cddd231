package org.gridwarden.server;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.firmware.FirmwareOffice;
import org.gridwarden.headend.tamper.CaseOffice;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.store.Store;

/**
 * What stands before HTTP does, for the controllers.
 *
 * @param clock the one clock
 * @param key the office's key
 * @param store the database
 * @param intake where the channels hand in
 * @param notary who vouches for the audit log
 * @param backups knows how old the newest is
 * @param erasures deletes what is deleted on purpose
 * @param live what was just stored
 * @param collection reads meters
 * @param commands gives commands
 * @param cases what people decide about alarms, cases and quarantine
 * @param back validation's exceptions and work in the field
 * @param billing bills customers
 * @param analytics figures of groups of households
 * @param firmware brings firmware to meters
 * @param certificates who has which certificate
 * @param admission who may hold a connection
 * @param channels those that listen
 * @param metrics every figure
 * @param started when
 * @param hand at a demo's simulated meters
 */
record Office(
    InstantSource clock,
    OfficeKey key,
    Store store,
    HeadendIntake intake,
    AuditNotary notary,
    BackupKeeper backups,
    ErasureDesk erasures,
    LiveFeed live,
    Collection collection,
    CommandRoom commands,
    CaseOffice cases,
    BackOffice back,
    BillingRoom billing,
    AnalyticsRoom analytics,
    FirmwareOffice firmware,
    CertificateRoom certificates,
    LimitedAdmission admission,
    List<Channel> channels,
    MeterRegistry metrics,
    Instant started,
    Optional<DemoHand> hand) {
  /**
   * A meter by its id.
   *
   * @throws FaultException where there is none
   */
  Meter known(String id) {
    return store.meters().byId(Requests.meter(id)).orElseThrow(Office::unknownMeter);
  }

  /** What is said of a meter that is not known. */
  static FaultException unknownMeter() {
    return new FaultException(
        Fault.Code.UNKNOWN_METER,
        "meter",
        "no such meter is known: import a shipment that names it");
  }
}
