package org.gridwarden.channel.dlms.gate;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/** What an action is in the standard's own objects. Pure but for the association. */
final class GateActs {
  private static final ObisCode BREAKER = ObisCode.parse("0.0.96.3.10.255");
  private static final ObisCode LIMITER = ObisCode.parse("0.0.17.0.0.255");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final int DISCONNECT_CONTROL = 70;
  private static final int CONTROL_STATE = 3;
  private static final int CONNECTED = 1;
  private static final int READY = 2;
  private static final int LIMIT = 71;
  private static final int SECURITY_SETUP = 64;
  private static final int ASSOCIATION = 15;
  private static final int GROUP = 1;

  private GateActs() {}

  /** What was done. */
  record Done(CommandState outcome, String detail) {}

  /** Why an action is none that a gate makes; empty where it is. */
  static Optional<String> impossible(Action action) {
    return switch (action) {
      case Action.Disconnect _,
          Action.Connect _,
          Action.Arm _,
          Action.LimitLoad _,
          Action.SetClock _ ->
          Optional.empty();
      case Action.Configure configure -> {
        int classId = Integer.parseInt(configure.attribute().split(":")[1]);
        yield classId == SECURITY_SETUP || classId == ASSOCIATION
            ? Optional.of("this gate changes nobody's rights or keys")
            : Optional.empty();
      }
      default -> Optional.of("this gate makes no '" + action.word() + "'");
    };
  }

  /** Does it. */
  static Done act(Association meter, Action action, Instant now, ZoneId zone)
      throws IOException, DlmsException, AssociationRefused {
    return switch (action) {
      case Action.Disconnect _ -> done(invoke(meter, 1), "disconnected");
      case Action.Connect _, Action.Arm _ -> reconnect(meter);
      case Action.LimitLoad limit -> limit(meter, limit, now, zone);
      case Action.SetClock _ ->
          done(
              meter.set(
                  new AttributeRef(8, CLOCK, 2),
                  DlmsData.OctetString.of(CosemDateTime.of(now, zone))),
              "the clock is set");
      case Action.Configure configure -> {
        String[] parts = configure.attribute().split(":");
        yield done(
            meter.set(
                new AttributeRef(
                    Integer.parseInt(parts[1]),
                    ObisCode.parse(parts[0]),
                    Integer.parseInt(parts[2])),
                Axdr.decode(configure.value())),
            configure.attribute() + " is set");
      }
      default -> new Done(CommandState.REFUSED, impossible(action).orElse("not possible"));
    };
  }

  private static AccessResult invoke(Association meter, int method)
      throws IOException, DlmsException, AssociationRefused {
    return meter
        .action(
            new MethodRef(DISCONNECT_CONTROL, BREAKER, method),
            Optional.of(new DlmsData.Integer8(0)))
        .result();
  }

  private static Done reconnect(Association meter)
      throws IOException, DlmsException, AssociationRefused {
    AccessResult result = invoke(meter, 2);
    if (!result.isSuccess()) {
      return done(result, "");
    }
    Outcome state = meter.get(new AttributeRef(DISCONNECT_CONTROL, BREAKER, CONTROL_STATE));
    long code = state instanceof Outcome.Value(DlmsData.Whole whole) ? whole.asLong() : -1;
    return code == CONNECTED
        ? new Done(CommandState.CONFIRMED, "connected")
        : code == READY
            ? new Done(CommandState.READY, "ready for reconnection")
            : new Done(CommandState.REFUSED, "the meter took it, and its breaker stays open");
  }

  /** By the limiter's emergency profile, which ends by itself. */
  private static Done limit(Association meter, Action.LimitLoad limit, Instant now, ZoneId zone)
      throws IOException, DlmsException, AssociationRefused {
    DlmsData groups = DlmsData.Array.of(new DlmsData.LongUnsigned(GROUP));
    DlmsData profile =
        DlmsData.Structure.of(
            new DlmsData.LongUnsigned(GROUP),
            DlmsData.OctetString.of(CosemDateTime.of(now, zone)),
            new DlmsData.DoubleLongUnsigned(limit.lasting().toSeconds()));
    AccessResult result = meter.set(limiter(5), new DlmsData.DoubleLongUnsigned(limit.watts()));
    if (result.isSuccess()) {
      result = meter.set(limiter(9), groups);
    }
    if (result.isSuccess()) {
      result = meter.set(limiter(8), profile);
    }
    return done(result, "limited");
  }

  private static AttributeRef limiter(int attribute) {
    return new AttributeRef(LIMIT, LIMITER, attribute);
  }

  private static Done done(AccessResult result, String detail) {
    return result.isSuccess()
        ? new Done(CommandState.CONFIRMED, detail)
        : new Done(CommandState.REFUSED, "the meter answered " + result);
  }
}
