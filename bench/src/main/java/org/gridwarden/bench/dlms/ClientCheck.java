package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.client.Access;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/** Our client meets a meter, ours or another's, and says what it checked: for interop/run. */
public final class ClientCheck {
  private static final AttributeRef OBJECTS =
      new AttributeRef(15, ObisCode.parse("0.0.40.0.0.255"), 2);
  private static final AttributeRef SHORT_OBJECTS =
      new AttributeRef(12, ObisCode.parse("0.0.40.0.0.255"), 2);
  private static final AttributeRef CLOCK = new AttributeRef(8, ObisCode.parse("0.0.1.0.0.255"), 2);
  private static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");

  private final Words words;
  private final Association meter;

  private ClientCheck(Words words, Association meter) {
    this.words = words;
    this.meter = meter;
  }

  /** That something is not as it must be. */
  private static final class NotSo extends Exception {
    private static final long serialVersionUID = 1L;

    NotSo(String what) {
      super("not as it must be: " + what);
    }
  }

  /**
   * Exit 1 where something is not as it must be.
   *
   * @param args port, auth and secrets as name=value; check=objects,register,… for some checks
   *     alone; entries=4 for a meter that answers entries 2 to 4 with four rows
   */
  public static void main(String[] args) {
    Words words = Words.of(args);
    try (Association meter = new Sessions(words).open()) {
      ClientCheck check = new ClientCheck(words, meter);
      for (String one :
          Arrays.asList(
              words
                  .text("check", "objects,register,clock,profile,entries,range,relay")
                  .split(","))) {
        check.check(one);
        System.out.println("checked " + one);
      }
    } catch (IOException | DlmsException | AssociationRefused | NotSo e) {
      System.err.println(e);
      System.exit(1);
    }
    System.out.println("all as it must be");
  }

  private void check(String what) throws IOException, DlmsException, AssociationRefused, NotSo {
    switch (what) {
      case "objects" -> objects();
      case "register" -> register();
      case "clock" -> clock();
      case "profile" -> must(rows().size() == LoadMeter.ROWS, "96 rows");
      case "entries" -> entries();
      case "range" -> range();
      case "relay" -> relay();
      case "list" -> list();
      case "access" -> access();
      default -> throw new NotSo("no check is called " + what);
    }
  }

  private static void must(boolean holds, String what) throws NotSo {
    if (!holds) {
      throw new NotSo(what);
    }
  }

  private DlmsData value(AttributeRef ref)
      throws IOException, DlmsException, AssociationRefused, NotSo {
    return value(ref, meter.get(ref));
  }

  private static DlmsData value(AttributeRef ref, Outcome outcome) throws NotSo {
    return switch (outcome) {
      case Outcome.Value(DlmsData data) -> data;
      case Outcome.Refused(AccessResult why) -> throw new NotSo(ref + " is refused: " + why);
    };
  }

  private void objects() throws IOException, DlmsException, AssociationRefused, NotSo {
    boolean shortNames = words.text("names", "ln").equals("sn");
    // class id, version, logical name and rights; with short names the base name stands first
    int at = shortNames ? 1 : 0;
    boolean found = false;
    for (DlmsData object : elements(value(shortNames ? SHORT_OBJECTS : OBJECTS))) {
      found |=
          object instanceof DlmsData.Structure o
              && o.get(at) instanceof DlmsData.LongUnsigned(int classId)
              && classId == Sessions.BUFFER.classId()
              && o.get(at + 2).equals(DlmsData.OctetString.of(Sessions.BUFFER.instance()));
    }
    must(found, "the profile among the objects");
  }

  private void register() throws IOException, DlmsException, AssociationRefused, NotSo {
    must(
        value(Sessions.REGISTER) instanceof DlmsData.Whole energy && energy.asLong() > 0,
        "a register above zero");
    AttributeRef scaler = new AttributeRef(3, Sessions.REGISTER.instance(), 3);
    must(
        value(scaler) instanceof DlmsData.Structure s
            && s.size() == 2
            && s.get(1).equals(new DlmsData.Enumerated(30)),
        "a register in Wh");
  }

  private void clock() throws IOException, DlmsException, AssociationRefused, NotSo {
    Duration off = Duration.between(instant(value(CLOCK)), Instant.now()).abs();
    must(off.compareTo(Duration.ofMinutes(1)) < 0, "a clock that is right, not off by " + off);
  }

  private static Instant instant(DlmsData data) throws NotSo {
    Optional<Instant> at =
        switch (data) {
          case DlmsData.OctetString s when s.length() == 12 -> time(CosemDateTime.of(s.bytes(), 0));
          case DlmsData.DateTime(CosemDateTime time) -> time(time);
          default -> Optional.empty();
        };
    return at.orElseThrow(() -> new NotSo("a date and time"));
  }

  private static Optional<Instant> time(CosemDateTime time) {
    return time.instant(ZoneOffset.UTC, CosemDateTime.DeviationSign.STANDARD);
  }

  private List<DlmsData> rows() throws IOException, DlmsException, AssociationRefused, NotSo {
    return elements(value(Sessions.BUFFER));
  }

  private List<DlmsData> rows(Selection selection)
      throws IOException, DlmsException, AssociationRefused, NotSo {
    return elements(value(Sessions.BUFFER, meter.get(Sessions.BUFFER, selection)));
  }

  private static List<DlmsData> elements(DlmsData data) throws NotSo {
    if (data instanceof DlmsData.Array rows) {
      return rows.elements();
    }
    throw new NotSo("an array of rows");
  }

  private static Instant at(DlmsData row) throws NotSo {
    if (row instanceof DlmsData.Structure columns) {
      return instant(columns.get(0));
    }
    throw new NotSo("a row's columns");
  }

  private void entries() throws IOException, DlmsException, AssociationRefused, NotSo {
    List<DlmsData> some = rows(Selection.entries(2, 4));
    int wanted = words.number("entries", 3);
    must(some.size() == wanted, wanted + " rows by entry, not " + some.size());
    must(some.get(0).equals(rows().get(1)), "the second row first");
  }

  private void range() throws IOException, DlmsException, AssociationRefused, NotSo {
    List<DlmsData> all = rows();
    List<DlmsData> some =
        rows(
            Selection.range(
                CosemDateTime.of(at(all.get(10)), ZoneOffset.UTC),
                CosemDateTime.of(at(all.get(19)), ZoneOffset.UTC)));
    must(some.size() == 10, "10 rows by range, not " + some.size());
    must(some.get(0).equals(all.get(10)), "the 11th row first");
  }

  private AccessResult act(int method) throws IOException, DlmsException, AssociationRefused {
    return meter
        .action(new MethodRef(70, RELAY, method), Optional.of(new DlmsData.Integer8(0)))
        .result();
  }

  private DlmsData state() throws IOException, DlmsException, AssociationRefused, NotSo {
    return value(new AttributeRef(70, RELAY, 3));
  }

  private void relay() throws IOException, DlmsException, AssociationRefused, NotSo {
    AccessResult disconnected = act(1);
    String auth = words.text("auth", "none");
    if (auth.equals("none") || auth.equals("lls")) {
      must(!disconnected.isSuccess(), "a refusal");
      return;
    }
    must(disconnected.isSuccess(), "a disconnection, not " + disconnected);
    must(state().equals(new DlmsData.Enumerated(0)), "disconnected");
    must(act(2).isSuccess(), "a reconnection");
    must(state().equals(new DlmsData.Enumerated(1)), "connected");
  }

  /** Several attributes by one GET. */
  private void list() throws IOException, DlmsException, AssociationRefused, NotSo {
    List<Outcome> outcomes =
        meter.get(
            List.of(
                new Service.Selected(CLOCK, Optional.empty()),
                new Service.Selected(Sessions.REGISTER, Optional.empty())));
    must(
        outcomes.size() == 2
            && value(Sessions.REGISTER, outcomes.get(1)).equals(value(Sessions.REGISTER)),
        "a list of clock and register");
    instant(value(CLOCK, outcomes.get(0)));
  }

  /** The same by ACCESS. */
  private void access() throws IOException, DlmsException, AssociationRefused, NotSo {
    List<Access.Done> done = meter.access().get(CLOCK).get(Sessions.REGISTER).send();
    must(
        done.size() == 2
            && done.get(1).result().isSuccess()
            && done.get(1).data().equals(value(Sessions.REGISTER)),
        "clock and register by ACCESS");
    instant(done.get(0).data());
  }
}
