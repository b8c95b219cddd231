package org.gridwarden.dlms.meter;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/** The small objects that most meters have. All are thread-safe. */
public final class MeterObjects {
  private MeterObjects() {}

  /** Data (class 1, version 0, IEC 62056-6-2 clause 4.3.1). */
  public record Data(ObisCode logicalName, Supplier<DlmsData> value) implements CosemObject {
    @Override
    public Identity identity() {
      return new Identity(1, 0, logicalName, 2, 0);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return attribute == 2 ? new Outcome.Value(value.get()) : CosemObject.none();
    }
  }

  /**
   * Register (class 3, version 0, clause 4.3.2).
   *
   * @param value as the scaler scales it
   */
  public record Register(ObisCode logicalName, Supplier<DlmsData> value, int scaler, Unit unit)
      implements CosemObject {
    @Override
    public Identity identity() {
      return new Identity(3, 0, logicalName, 3, 1);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return switch (attribute) {
        case 2 -> new Outcome.Value(value.get());
        case 3 ->
            new Outcome.Value(
                DlmsData.Structure.of(
                    new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit.code())));
        default -> CosemObject.none();
      };
    }
  }

  /** Clock (class 8, version 0, clause 4.5.1): time, zone and status; it is not set here. */
  public record Clock(ObisCode logicalName, InstantSource clock, ZoneId zone)
      implements CosemObject {
    @Override
    public Identity identity() {
      return new Identity(8, 0, logicalName, 9, 6);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      var now = clock.instant();
      return switch (attribute) {
        case 2 -> new Outcome.Value(DlmsData.OctetString.of(CosemDateTime.of(now, zone)));
        // minutes from local time to UTC: CET is -60
        case 3 ->
            new Outcome.Value(
                new DlmsData.Long16(
                    -zone.getRules().getStandardOffset(now).getTotalSeconds() / 60));
        case 4 -> new Outcome.Value(new DlmsData.Unsigned8(0));
        case 8 -> new Outcome.Value(new DlmsData.Bool(true));
        case 9 -> new Outcome.Value(new DlmsData.Enumerated(1)); // an internal crystal
        default -> CosemObject.none();
      };
    }
  }

  /** Disconnect control (class 70, version 0, clause 4.5.8), in control mode 4: remote only. */
  public static final class DisconnectControl implements CosemObject {
    private static final int DISCONNECTED = 0;
    private static final int CONNECTED = 1;
    private static final int MODE = 4;

    private final ObisCode logicalName;
    private final Consumer<Boolean> connected;
    private final AtomicInteger state = new AtomicInteger(CONNECTED);

    /**
     * @param connected told of each change: whether the consumer has current
     */
    public DisconnectControl(ObisCode logicalName, Consumer<Boolean> connected) {
      this.logicalName = logicalName;
      this.connected = connected;
    }

    @Override
    public Identity identity() {
      return new Identity(70, 0, logicalName, 4, 2);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return switch (attribute) {
        case 2 -> new Outcome.Value(new DlmsData.Bool(state.get() == CONNECTED));
        case 3 -> new Outcome.Value(new DlmsData.Enumerated(state.get()));
        case 4 -> new Outcome.Value(new DlmsData.Enumerated(MODE));
        default -> CosemObject.none();
      };
    }

    /** 1: remote_disconnect, 2: remote_reconnect; either may come again. */
    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      int wanted =
          switch (method) {
            case 1 -> DISCONNECTED;
            case 2 -> CONNECTED;
            default -> -1;
          };
      if (wanted < 0) {
        return new Service.Invoked(AccessResult.OBJECT_UNDEFINED, Optional.empty());
      }
      if (state.getAndSet(wanted) != wanted) {
        connected.accept(wanted == CONNECTED);
      }
      return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
    }
  }
}
