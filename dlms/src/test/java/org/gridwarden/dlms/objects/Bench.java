package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;

/** A workbench: a time that the test sets, a clock, objects, and scripts that write down. */
final class Bench implements InstantSource {
  static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  static final ObisCode SCRIPTS = ObisCode.parse("0.0.10.0.100.255");
  static final ObisCode NOTES = ObisCode.parse("0.0.96.50.0.255");
  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  final DeviceObjects objects = new DeviceObjects();
  final Clock clock;

  /** What the scripts wrote: when, and which. */
  final List<String> notes = new ArrayList<>();

  private Instant now;

  Bench(String now) {
    this(now, BERLIN);
  }

  Bench(String now, ZoneId zone) {
    this.now = Instant.parse(now);
    this.clock = objects.add(new Clock(CLOCK, this, zone));
    objects.add(new Data(NOTES, new Notes()));
    List<ScriptTable.Script> scripts = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      scripts.add(
          ScriptTable.Script.of(
              i, ScriptTable.Action.write(1, NOTES, 2, new DlmsData.Unsigned8(i))));
    }
    objects.add(new ScriptTable(SCRIPTS, objects, scripts));
  }

  private final class Notes implements ValueSource {
    @Override
    public DlmsData get() {
      return new DlmsData.Unsigned8(0);
    }

    @Override
    public void write(DlmsData value) {
      notes.add(clock.instant() + " " + ((DlmsData.Unsigned8) value).value());
    }
  }

  @Override
  public Instant instant() {
    return now;
  }

  Bench at(String instant) {
    now = Instant.parse(instant);
    return this;
  }

  /** What was written since the last time. */
  List<String> written() {
    List<String> all = List.copyOf(notes);
    notes.clear();
    return all;
  }

  static ScriptRef script(int i) {
    return new ScriptRef(SCRIPTS, i);
  }

  static Optional<DlmsData> zero() {
    return Optional.of(new DlmsData.Integer8(0));
  }

  static DlmsData get(CosemObject object, int attribute) {
    Outcome outcome = object.get(attribute, Optional.empty());
    assertThat(outcome).isInstanceOf(Outcome.Value.class);
    return ((Outcome.Value) outcome).data();
  }

  static String hex(CosemObject object, int attribute) {
    return hex(get(object, attribute));
  }

  static String hex(DlmsData data) {
    return HexFormat.of().withUpperCase().formatHex(Axdr.encode(data));
  }

  static long number(CosemObject object, int attribute) {
    return ((DlmsData.Whole) get(object, attribute)).asLong();
  }

  static void accepts(CosemObject object, int attribute, DlmsData value) {
    assertThat(object.set(attribute, value)).isEqualTo(AccessResult.SUCCESS);
    assertThat(get(object, attribute)).isEqualTo(value);
  }

  /** Refused, and nothing changed. */
  static void refuses(CosemObject object, int attribute, DlmsData value, AccessResult why) {
    DlmsData before = get(object, attribute);
    assertThat(object.set(attribute, value)).isEqualTo(why);
    assertThat(get(object, attribute)).isEqualTo(before);
  }

  static void invokes(CosemObject object, int method, DlmsData parameter) {
    assertThat(object.invoke(method, Optional.of(parameter)).result())
        .isEqualTo(AccessResult.SUCCESS);
  }

  static DlmsData.OctetString octets(String hex) {
    return DlmsData.OctetString.of(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  static DlmsData.OctetString text(String text) {
    return ReferenceObjects.text(text);
  }

  static DlmsData.LongUnsigned lu(int value) {
    return new DlmsData.LongUnsigned(value);
  }

  static DlmsData.DoubleLongUnsigned dlu(long value) {
    return new DlmsData.DoubleLongUnsigned(value);
  }

  static DlmsData.OctetString time(String instant) {
    return DlmsData.OctetString.of(CosemDateTime.of(Instant.parse(instant), BERLIN));
  }
}
