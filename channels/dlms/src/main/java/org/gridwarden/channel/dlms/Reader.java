package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.gridwarden.core.Signing;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.BufferReader.Column;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Role;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.companion.Client;
import org.gridwarden.dlms.companion.Companion;
import org.gridwarden.dlms.companion.LoadProfile;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.dlms.security.SecuritySuite;

/**
 * How a channel reads meters, whichever way it has to them.
 *
 * @param common what the section's channels share
 * @param host what the office lends
 * @param via which channel reads
 */
record Reader(Common common, Channel.Host host, Supplier<ChannelId> via) {
  private static final int LONG_KEY = 32;

  /**
   * A meter that is spoken to, and what its companion specification says; it need not be one that
   * is read: commands go to those that only push, too.
   */
  record Known(Meter meter, Companion companion, Client client) {}

  /**
   * A meter by its id.
   *
   * @throws ChannelException where it is not known, or not in service
   */
  Known known(MeterId id) throws ChannelException {
    Meter meter =
        host.meters()
            .byId(id)
            .orElseThrow(() -> fault(Fault.Code.UNKNOWN_METER, id, "it is not registered"));
    if (meter.state() == Meter.State.RETIRED) {
      throw fault(Fault.Code.CONFLICT, id, "it is retired");
    }
    Companion companion =
        companion(meter)
            .orElseThrow(() ->
                fault(
                    Fault.Code.CONFLICT,
                    id,
                    "its companion profile '"
                        + meter.reach().companion()
                        + "' is not known; there are "
                        + common.companions().names()));
    String wanted = meter.reach().client();
    Client client =
        (wanted.isEmpty() ? Optional.of(companion.reading()) : companion.client(wanted))
            .orElseThrow(() ->
                fault(
                    Fault.Code.CONFLICT,
                    id,
                    "its companion profile "
                        + companion.name()
                        + " has no client '"
                        + wanted
                        + "'"));
    return new Known(meter, companion, client);
  }

  private Optional<Companion> companion(Meter meter) {
    String named = meter.reach().companion();
    return named.isEmpty()
        ? common
            .companions()
            .find(meter.profile())
            .or(() -> Optional.of(common.companions().generic()))
        : common.companions().find(named);
  }

  /** What could be read of a meter. */
  Optional<Offer> offer(MeterId id) {
    return host.meters()
        .byId(id)
        .filter(meter -> meter.state() != Meter.State.RETIRED && meter.reach().reads())
        .flatMap(meter -> companion(meter).map(companion -> offer(id, companion)));
  }

  private Offer offer(MeterId id, Companion companion) {
    Traits traits = common.traits().find(id).orElse(Traits.NONE);
    List<ObisCode> billing = new ArrayList<>(companion.billing());
    List<Offer.Profile> intervals = new ArrayList<>();
    for (LoadProfile profile : companion.profiles()) {
      Traits.Table table =
          traits
              .table(profile.object())
              .orElseGet(() -> new Traits.Table(profile.columns(), profile.period()));
      if (table.isInterval()) {
        intervals.add(
            new Offer.Profile(
                profile.object(), slots(companion, table), table.period(), profile.kept()));
      } else {
        billing.add(profile.object());
      }
    }
    return new Offer(
        billing, intervals, companion.events().stream().map(log -> log.object()).toList());
  }

  /** Under which interval channels a profile's columns are stored. */
  private static List<ObisCode> slots(Companion companion, Traits.Table table) {
    Set<ObisCode> slots = new LinkedHashSet<>();
    for (Column column : table.columns()) {
      if (column.attribute() == 2) {
        switch (companion.meanings().role(column.object())) {
          case Role.INTERVAL -> slots.add(column.object());
          case Role.CUMULATIVE ->
              companion.meanings().slotChannel(column.object()).ifPresent(slots::add);
          default -> {}
        }
      }
    }
    return List.copyOf(slots);
  }

  /**
   * Opens an association over a link, as the meter's policy asks; the link is closed where that
   * fails.
   *
   * @param ended told once, when the session is closed or was not opened
   */
  MeterSession open(Known known, ApduLink link, int device, Deadline deadline, Runnable ended)
      throws ChannelException, InterruptedException {
    return open(known, link, device, deadline, ended, Optional.empty());
  }

  /** Another way to the same meter, as another client. */
  interface Dial {
    ApduLink as(int client) throws IOException;
  }

  /**
   * The same with a way for the last gate.
   *
   * @param dial empty where the meter cannot be reached a second time
   */
  MeterSession open(
      Known known,
      ApduLink link,
      int device,
      Deadline deadline,
      Runnable ended,
      Optional<Dial> dial)
      throws ChannelException, InterruptedException {
    boolean open = false;
    RecordingLink recording = new RecordingLink(link, known.client().number(), device, deadline);
    try {
      MeterSession session = associate(known, recording, deadline, ended, dial);
      open = true;
      return session;
    } finally {
      if (!open) {
        TcpChannel.closeQuietly(recording);
        ended.run();
      }
    }
  }

  private MeterSession associate(
      Known known, RecordingLink link, Deadline deadline, Runnable ended, Optional<Dial> dial)
      throws ChannelException, InterruptedException {
    Meter meter = known.meter();
    return switch (known.client().level()) {
      case NONE -> {
        if (meter.policy() != Meter.PushPolicy.PLAIN) {
          throw fault(
              Fault.Code.FORBIDDEN,
              meter.id(),
              "client " + known.client().name() + " is not secured; its policy forbids that");
        }
        Association association = associate(meter.id(), link, AssociationRequest.open());
        yield session(known, association, link, new byte[0], deadline, ended, dial);
      }
      case LLS ->
          throw fault(
              Fault.Code.FORBIDDEN,
              meter.id(),
              "client "
                  + known.client().name()
                  + " has a password, and the office keeps none; name one that has keys");
      case GMAC -> {
        KeyAccess.KeySet set =
            host.keys()
                .keys(meter.id(), KeyAccess.Purpose.DLMS_GLOBAL_UNICAST)
                .orElseThrow(
                    () -> fault(Fault.Code.FORBIDDEN, meter.id(), "there are no keys of it"));
        Optional<KeyAccess.KeySet> pending =
            host.keys().pending(meter.id(), KeyAccess.Purpose.DLMS_GLOBAL_UNICAST);
        if (pending.isEmpty()) {
          common.changing().remove(meter.id());
          yield keyed(known, set, link, deadline, ended, dial);
        }
        boolean second = common.changing().contains(meter.id());
        try {
          yield keyed(known, second ? pending.get() : set, link, deadline, ended, dial);
        } catch (ChannelException e) {
          // it may have changed its keys, and not told yet: the line is gone, the next one tries it
          if (second) {
            common.changing().remove(meter.id());
          } else {
            common.changing().add(meter.id());
          }
          throw fault(
              Fault.Code.TIMEOUT,
              meter.id(),
              "its keys are being changed, and these did not fit; the others are tried next: "
                  + e.fault().remedy());
        }
      }
    };
  }

  private MeterSession keyed(
      Known known,
      KeyAccess.KeySet set,
      RecordingLink link,
      Deadline deadline,
      Runnable ended,
      Optional<Dial> dial)
      throws ChannelException, InterruptedException {
    Meter meter = known.meter();
    DlmsKeys keys = MeterKeys.of(set);
    boolean open = false;
    try {
      Association association =
          associate(meter.id(), link, AssociationRequest.gmac(security(meter, set, keys)));
      MeterSession session =
          session(
              known,
              association,
              link,
              set.keyId(),
              deadline,
              () -> {
                keys.close();
                ended.run();
              },
              dial);
      open = true;
      return session;
    } finally {
      if (!open) {
        keys.close();
      }
    }
  }

  /**
   * How the office protects an association under a meter's keys.
   *
   * @param keys the opened set
   */
  SecurityContext security(Meter meter, KeyAccess.KeySet set, DlmsKeys keys) {
    OfficeSender sender = common.senders().of(host.counters());
    SecuritySuite suite =
        meter.signing() == Signing.DLMS
            ? SecuritySuite.SUITE_1 // where there are signatures on P-256
            : set.encryption().length() == LONG_KEY ? SecuritySuite.SUITE_2 : SecuritySuite.SUITE_0;
    return SecurityContext.of(
            common.limits().systemTitle(), keys, () -> sender.next(meter.id(), set.keyId()))
        .withSuite(suite);
  }

  private Association associate(MeterId meter, ApduLink link, AssociationRequest request)
      throws ChannelException, InterruptedException {
    Duration patience = common.limits().patience();
    return Faults.guarded(
        "meter " + meter, () -> Association.open(link, request.withPatience(patience)));
  }

  private MeterSession session(
      Known known,
      Association association,
      RecordingLink link,
      byte[] keyId,
      Deadline deadline,
      Runnable ended,
      Optional<Dial> dial) {
    return new ReadSession(this, known, association, link, keyId, deadline, ended, dial);
  }

  static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }
}
