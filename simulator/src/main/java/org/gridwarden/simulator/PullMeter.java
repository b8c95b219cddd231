package org.gridwarden.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Data;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Register;

/**
 * A meter that is read, as it is built while somebody talks to it: of 100,000 only those that are
 * spoken to take room. Client 16 reads without security, client 1 by HLS with GMAC, until an order
 * says otherwise.
 */
final class PullMeter {
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode DEVICE_NAME = ObisCode.parse("0.0.42.0.0.255");
  private static final ObisCode FIRMWARE = MeterFirmware.ACTIVE;
  private static final ObisCode COUNTER = ObisCode.parse("0.0.43.1.0.255");
  private static final int SHIFT_TIME = 6;
  private static final int POWER_UP = 2;

  private final PullStreet street;
  private final int number;
  private final InstantSource clock;
  private final LoadCurve curve;
  private final Dice dice;

  PullMeter(PullStreet street, int number) {
    this.street = street;
    this.number = number;
    this.dice = street.dice(number);
    this.clock = street.clock(number);
    this.curve = street.curve(number);
  }

  static String serial(int number) {
    return String.format(Locale.ROOT, "GR-%07d", number);
  }

  /** Three letters for the maker and a 5-byte number (IEC 62056-5-3, clause 4.3.4). */
  static byte[] title(int number) {
    return ByteBuffer.allocate(8)
        .put("GWR".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 0)
        .putInt(number)
        .array();
  }

  /** Its objects, and who may ask for them. */
  LogicalDevice device() {
    InvocationCounter counter = () -> street.count(number);
    Associations associations = associations();
    byte[] password = street.password(number);
    try {
      return new LogicalDevice(
          title(number),
          associations.objects(),
          associations.clients(
              rights -> KeyedAccess.of(title(number), () -> street.keys(number), counter, rights),
              password));
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }

  /** Whom it lets in now. */
  Associations associations() {
    return new Associations(
        name -> street.kept(number, name), objects(() -> street.control(number)));
  }

  private List<CosemObject> objects(Supplier<MeterControl> control) {
    List<CosemObject> objects = new ArrayList<>(MeterConstants.of(() -> street.sensed(number)));
    objects.addAll(
        List.of(
            new Data(DEVICE_NAME, () -> new DlmsData.VisibleString(serial(number))),
            new Data(FIRMWARE, () -> new DlmsData.VisibleString(street.firmware(number))),
            new Data(COUNTER, () -> new DlmsData.DoubleLongUnsigned(street.counter(number))),
            new Clock(),
            new Register(
                REGISTER,
                () -> new DlmsData.DoubleLongUnsigned(curve.register(clock.instant())),
                0,
                Unit.WATT_HOUR),
            new Passing(
                new CosemObject.Identity(70, 0, MeterControl.BREAKER, 4, 2),
                () -> street.breaker(number)),
            new Passing(
                new CosemObject.Identity(18, 0, MeterFirmware.TRANSFER, 7, 4),
                () -> control.get().firmware().transfer()),
            new CommandDesk(new LateDesk(control)),
            new HouseholdProfile(
                clock, street.settings().zone(), street.settings().history(), curve::wattHours),
            EventLogs.STANDARD.of(clock, zone(), this::events),
            EventLogs.FRAUD.of(clock, zone(), () -> sensed(EventLogs.FRAUD)),
            EventLogs.QUALITY.of(clock, zone(), () -> sensed(EventLogs.QUALITY))));
    return objects;
  }

  /** An object whose state outlives the conversation. */
  private record Passing(Identity identity, Supplier<? extends CosemObject> object)
      implements CosemObject {
    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return object.get().get(attribute, selection);
    }

    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      return object.get().invoke(method, parameters);
    }
  }

  /** A desk whose memory outlives the conversation. */
  private record LateDesk(Supplier<MeterControl> control) implements CommandDesk.Desk {
    @Override
    public Optional<byte[]> take(byte[] dispatch) {
      return control.get().take(dispatch);
    }

    @Override
    public long counterSeen() {
      return control.get().counterSeen();
    }

    @Override
    public List<byte[]> operators() {
      return control.get().operators();
    }

    @Override
    public long trustVersion() {
      return control.get().trustVersion();
    }

    @Override
    public boolean trust(byte[] list) {
      return control.get().trust(list);
    }

    @Override
    public DisconnectControl.State state() {
      return control.get().state();
    }
  }

  private ZoneId zone() {
    return street.settings().zone();
  }

  private List<DlmsData.Structure> sensed(EventLogs log) {
    return log.rows(street.sensed(number), zone());
  }

  /** Power came back on a day in twenty, at noon UTC. */
  private List<DlmsData.Structure> events() {
    long today = Math.floorDiv(clock.instant().getEpochSecond(), 86_400);
    List<DlmsData.Structure> rows = new ArrayList<>();
    for (long day = today - street.settings().history().toDays(); day <= today; day++) {
      Instant at = Instant.ofEpochSecond(day * 86_400 + 43_200);
      if (dice.of(day).below(20) == 0 && at.isBefore(clock.instant())) {
        rows.add(DlmsData.Structure.of(time(at), new DlmsData.Unsigned8(POWER_UP)));
      }
    }
    return rows;
  }

  private DlmsData time(Instant at) {
    return DlmsData.OctetString.of(CosemDateTime.of(at, street.settings().zone()));
  }

  /** A clock (class 8, version 0) that is read, and shifted by its method 6. */
  private final class Clock implements CosemObject {
    @Override
    public Identity identity() {
      return new Identity(8, 0, CLOCK, 9, 6);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return attribute == 2 ? new Outcome.Value(time(clock.instant())) : CosemObject.none();
    }

    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      if (method != SHIFT_TIME || !(parameters.orElse(null) instanceof DlmsData.Long16 seconds)) {
        return new Service.Invoked(AccessResult.TYPE_UNMATCHED, Optional.empty());
      }
      street.shift(number, Duration.ofSeconds(seconds.value()));
      return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
    }
  }
}
