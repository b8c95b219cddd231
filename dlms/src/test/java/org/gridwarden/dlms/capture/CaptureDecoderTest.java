package org.gridwarden.dlms.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.HdlcFrames;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CaptureDecoderTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090A0B0C0D0E0F");
  private static final byte[] AUTH = HexFormat.of().parseHex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
  private static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;
  private static byte[] session = {};

  @BeforeAll
  static void load() throws IOException {
    session = capture("session.pcap");
  }

  private static byte[] capture(String name) throws IOException {
    try (InputStream in = CaptureDecoderTest.class.getResourceAsStream("/captures/" + name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  static CaptureSettings settings(DlmsKeys... keys) {
    return new CaptureSettings(
        Arrays.stream(keys).findFirst(),
        new byte[0],
        new byte[0],
        PushLayouts.builtIn(),
        PushLayouts.builtIn().genericProfile());
  }

  private static List<CaptureEvent> read(byte[] input, DlmsKeys... keys) {
    List<CaptureEvent> events = new ArrayList<>();
    try {
      new CaptureDecoder(settings(keys)).read(new ByteArrayInputStream(input), events::add);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return events;
  }

  private static List<Followed> said(List<CaptureEvent> events) {
    return events.stream()
        .filter(CaptureEvent.Said.class::isInstance)
        .map(e -> ((CaptureEvent.Said) e).message())
        .toList();
  }

  private static List<String> problems(List<CaptureEvent> events) {
    return events.stream()
        .filter(CaptureEvent.Problem.class::isInstance)
        .map(e -> ((CaptureEvent.Problem) e).place() + ": " + ((CaptureEvent.Problem) e).what())
        .toList();
  }

  private static DlmsKeys keys() {
    return DlmsKeys.of(KEY, AUTH);
  }

  @Test
  void aCapturedConversationIsOpenedWithTitlesThatItStatesItself() {
    List<CaptureEvent> events = read(session, keys());
    assertThat(events).allMatch(CaptureEvent.Said.class::isInstance);
    List<Followed> all = said(events);
    assertThat(all.stream().map(Followed::service))
        .containsSubsequence("aarq", "aare", "action-request", "action-response", "get-request")
        .doesNotContain("glo-get-request", "glo-get-response");
    Followed aarq = all.get(0);
    assertThat(aarq.direction()).isEqualTo(Direction.TO_METER);
    assertThat(aarq.time()).isEqualTo("2026-11-25T03:42:50.822833Z");
    assertThat(aarq.path()).isEqualTo("127.0.0.1:44606 > 127.0.0.1:47059");
    assertThat(all.get(1).direction()).isEqualTo(Direction.FROM_METER);
    assertThat(all).filteredOn(m -> m.message().apdu() instanceof Acse.Aare).hasSize(3);
  }

  @Test
  void blocksAreJoinedAndTheRowsBearTheirColumnsNamesAndUnits() {
    Followed last =
        said(read(session, keys())).stream()
            .filter(m ->
                m.body().isPresent()
                    && m.body().get() instanceof DlmsData.Array a
                    && a.size() == 96)
            .findFirst()
            .orElseThrow();
    Access access = last.accesses().get(0);
    assertThat(access.target().place()).isEqualTo("1.0.99.1.0.255:7:2");
    assertThat(access.target().name()).isEqualTo("Profile generic.buffer");
    assertThat(access.columns().stream().map(c -> c.ref().toString()))
        .containsExactly("0.0.1.0.0.255:8:2", "1.0.1.8.0.255:3:2");
    assertThat(access.columns().get(1).scaling().unit().symbol()).isEqualTo("Wh");
    assertThat(last.json())
        .contains(
            "{\"obis\":\"1.0.1.8.0.255\",\"raw\":3925875,\"scaler\":0,\"unit\":\"Wh\","
                + "\"value\":\"3925875\",\"at\":\"2026-11-24T03:45:00+00:00\"")
        .contains("\"direction\":\"from-meter\"", "\"service\":\"get-response\"")
        .doesNotContain("\n");
  }

  @Test
  @DisplayName("C30 neither the password of an association nor a key is printed")
  void secretsAreNotTold() {
    List<Followed> all = said(read(session, keys()));
    Followed lls =
        all.stream()
            .filter(m -> m.details().contains(new Detail("mechanism", "lls")))
            .findFirst()
            .orElseThrow();
    assertThat(lls.details()).contains(new Detail("password", "8 bytes"));
    assertThat(lls.toString() + all.get(0)).doesNotContain("12345678");
  }

  @Test
  void withoutKeysAllThatIsPlainIsStillTold() {
    List<Followed> all = said(read(session));
    assertThat(all.stream().map(Followed::service)).contains("glo-get-request", "get-response");
    assertThat(all).hasSameSizeAs(said(read(session, keys())));
  }

  @Test
  @DisplayName("C5 with a wrong key each message is named as not genuine, and the others are told")
  void aWrongKeyIsSaid() {
    List<CaptureEvent> events = read(session, DlmsKeys.of(new byte[16], AUTH));
    assertThat(problems(events)).isNotEmpty().allMatch(p -> p.contains("not genuine"));
    assertThat(problems(events).get(0)).startsWith("packet ").contains("user information");
    assertThat(said(events).stream().map(Followed::service)).contains("get-response");
  }

  // --- other links and names

  @Test
  void hdlcUdpAndShortNamesAreFollowedAlike() throws IOException {
    List<CaptureEvent> events = read(capture("links.pcap"), keys());
    assertThat(events).allMatch(CaptureEvent.Said.class::isInstance);
    List<Followed> all = said(events);
    assertThat(all).hasSize(112);

    List<Followed> hdlc = on(all, ":14061");
    assertThat(hdlc.stream().map(m -> m.message().link().toString()))
        .contains("hdlc 18 > 1", "hdlc 1 > 18", "hdlc 16 > 1/17", "hdlc 1/17 > 16");
    assertThat(rows(hdlc, 7)).as("entry selection, in HDLC segments").isPresent();

    List<Followed> udp = on(all, ":14062");
    assertThat(udp.stream().map(Followed::service)).contains("aarq", "get-response", "rlre");

    List<Followed> names = on(all, ":14063");
    Followed profile = rows(names, 96).orElseThrow();
    assertThat(profile.service()).isEqualTo("read-response");
    assertThat(profile.accesses().get(0).target().place())
        .as("the object list told which object has the name")
        .isEqualTo("1.0.99.1.0.255:7:2");
    assertThat(profile.details()).contains(new Detail("block", "14, 44 bytes, the last"));
    assertThat(names)
        .filteredOn(m -> m.service().equals("set-response"))
        .hasSize(1)
        .allMatch(m -> m.accesses().get(0).result().orElseThrow().isSuccess());
  }

  private static List<Followed> on(List<Followed> all, String port) {
    return all.stream().filter(m -> m.path().contains(port)).toList();
  }

  private static Optional<Followed> rows(List<Followed> all, int count) {
    return all.stream()
        .filter(m ->
            m.accesses().stream().anyMatch(a -> a.target().place().equals("1.0.99.1.0.255:7:2")))
        .filter(m -> m.body().isPresent())
        .filter(m -> m.body().get() instanceof DlmsData.Array a && a.size() == count)
        .findFirst();
  }

  @Test
  void aDedicatedKeyIsLearnedFromTheInitiateThatBringsIt() throws DlmsException {
    // a client that brings a dedicated key, protected by the global one, and then uses it
    byte[] dedicated = HexFormat.of().parseHex("000102030405060708090A0B0C0D0EFF");
    byte[] title = HexFormat.of().parseHex("4D4D4D0000BC614E");
    Initiate.Request initiate =
        new Initiate.Request(
            DlmsData.OctetString.of(dedicated),
            -1,
            Initiate.VERSION,
            Conformance.of(Conformance.Service.GET),
            0xFFFF);
    try (DlmsKeys global = keys();
        DlmsKeys both = global.withDedicated(dedicated)) {
      // 21: glo-initiate-request; D0: ded-get-request
      byte[] user = Apdus.encode(protect(0x21, title, 1, Apdus.encode(initiate), both));
      byte[] aarq =
          Apdus.encode(
              new Acse.Aarq(
                  Acse.Context.LOGICAL_NAME_CIPHERED,
                  DlmsData.OctetString.of(title),
                  Acse.Mechanism.HLS_GMAC,
                  DlmsData.OctetString.of(new byte[16]),
                  DlmsData.OctetString.of(user)));
      byte[] get = HexFormat.of().parseHex("C001C100030100010800FF0200");
      byte[] asked = Apdus.encode(protect(0xD0, title, 1, get, both));
      String log =
          "> " + HexFormat.of().formatHex(aarq) + "\n> " + HexFormat.of().formatHex(asked) + "\n";
      List<CaptureEvent> events = read(log.getBytes(StandardCharsets.UTF_8), global);
      assertThat(problems(events)).isEmpty();
      List<Followed> all = said(events);
      assertThat(all.get(0).details()).contains(new Detail("dedicated key", "16 bytes"));
      assertThat(all.get(1).service()).isEqualTo("get-request");
      assertThat(all.get(1).message().systemTitle()).isEqualTo("4D4D4D0000BC614E");
      assertThat(all.toString()).as("C30").doesNotContainIgnoringCase("0D0EFF");
    }
  }

  private static Apdu.Ciphered protect(
      int tag, byte[] title, long counter, byte[] plain, DlmsKeys keys) throws DlmsException {
    return Ciphering.protect(
        tag, SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED, title, counter, plain, keys);
  }

  @Test
  void accessIsBroughtTogetherByItsLongInvokeId() {
    AttributeRef energy = new AttributeRef(3, ObisCode.parse("1.0.1.8.0.255"), 2);
    AccessService.Request request =
        new AccessService.Request(
            AccessService.CONFIRMED | 7,
            Optional.empty(),
            List.of(
                new AccessService.Specification.Get(new Service.Selected(energy, Optional.empty())),
                new AccessService.Specification.Action(
                    new MethodRef(70, ObisCode.parse("0.0.96.3.10.255"), 1))),
            List.of(DlmsData.NullData.of(), new DlmsData.Integer8(0)));
    AccessService.Response response =
        new AccessService.Response(
            AccessService.CONFIRMED | 7,
            Optional.empty(),
            Optional.empty(),
            List.of(new DlmsData.DoubleLongUnsigned(5), DlmsData.NullData.of()),
            List.of(
                new AccessService.Result(1, AccessResult.SUCCESS),
                new AccessService.Result(3, AccessResult.READ_WRITE_DENIED)));
    String log =
        HexFormat.of().formatHex(Apdus.encode(request))
            + "\n"
            + HexFormat.of().formatHex(Apdus.encode(response))
            + "\n";
    List<Followed> all = said(read(log.getBytes(StandardCharsets.UTF_8)));
    assertThat(all.stream().map(Followed::direction))
        .containsExactly(Direction.TO_METER, Direction.FROM_METER);
    List<Access> answers = all.get(1).accesses();
    assertThat(answers.get(0).target().place()).isEqualTo("1.0.1.8.0.255:3:2");
    assertThat(answers.get(0).value()).contains(new DlmsData.DoubleLongUnsigned(5));
    assertThat(answers.get(1).target().name()).isEqualTo("Disconnect control.remote_disconnect()");
    assertThat(answers.get(1).result()).contains(AccessResult.READ_WRITE_DENIED);
  }

  // --- what a network does

  @SuppressWarnings("ArrayRecordComponent") // of this test alone
  private record Recorded(byte[] header, byte[] packet) {}

  private static List<Recorded> records() {
    List<Recorded> records = new ArrayList<>();
    for (int at = FILE_HEADER; at < session.length; ) {
      int length =
          session[at + 8] & 0xFF | (session[at + 9] & 0xFF) << 8; // captured, little-endian
      records.add(
          new Recorded(
              Arrays.copyOfRange(session, at, at + RECORD_HEADER),
              Arrays.copyOfRange(session, at + RECORD_HEADER, at + RECORD_HEADER + length)));
      at += RECORD_HEADER + length;
    }
    return records;
  }

  private static byte[] file(List<Recorded> records) {
    var out = new java.io.ByteArrayOutputStream();
    out.write(session, 0, FILE_HEADER);
    for (Recorded r : records) {
      out.writeBytes(r.header());
      out.writeBytes(r.packet());
    }
    return out.toByteArray();
  }

  /** The first packet that carries a part of a DLMS message: 66 bytes of headers come before. */
  private static int withPayload(List<Recorded> records, int which) {
    int found = 0;
    for (int i = 0; i < records.size(); i++) {
      if (records.get(i).packet().length > 66 && found++ == which) {
        return i;
      }
    }
    throw new AssertionError("there are only " + found);
  }

  @Test
  void segmentsThatComeAgainAreLeftOutAndCounted() {
    List<Recorded> records = records();
    records.add(withPayload(records, 2) + 1, records.get(withPayload(records, 2)));
    List<CaptureEvent> events = read(file(records), keys());
    assertThat(said(events)).hasSameSizeAs(said(read(session, keys())));
    assertThat(events)
        .filteredOn(CaptureEvent.Note.class::isInstance)
        .hasSize(1)
        .allMatch(e -> ((CaptureEvent.Note) e).what().contains("1 segment between"));
  }

  @Test
  void aSegmentThatTheCaptureLacksIsAGap() {
    List<Recorded> records = records();
    records.remove(withPayload(records, 3)); // an answer: the object list
    List<CaptureEvent> events = read(file(records), keys());
    assertThat(problems(events))
        .hasSize(1)
        .allMatch(p -> p.contains("bytes before it are missing in the capture"));
    assertThat(said(events)).hasSize(said(read(session, keys())).size() - 1);
  }

  @Test
  void aFileCutShortTellsWhereAndWhatCameBefore() {
    List<CaptureEvent> events = read(Arrays.copyOf(session, 4000), keys());
    assertThat(problems(events)).anyMatch(p -> p.startsWith("byte 4000 of the file"));
    assertThat(said(events)).isNotEmpty();
  }

  @Test
  void otherTrafficIsNamedAndLeftOut() {
    byte[] http = session.clone();
    // the wrapper's version in every packet of the file is no longer 1
    for (int i = FILE_HEADER; i + 1 < http.length; i++) {
      if (http[i] == 0 && http[i + 1] == 1) {
        http[i + 1] = 9;
      }
    }
    List<CaptureEvent> events = read(http);
    assertThat(said(events)).isEmpty();
    assertThat(problems(events)).containsExactly("the whole capture: there is no DLMS in it");
  }

  // --- logs

  @Test
  void aLogWithMarksAndTimes() {
    String log =
        """
        Gateway log, opened 2026-11-25
        2026-11-25 10:11:12.345 TX: 00 01 00 10 00 01 00 0D C0 01 C1 00 03 01 00 01 08 00 FF 02 00
        2026-11-25 10:11:12.400 RX: 00 01 00 01 00 10 00 09
            C4 01 C1 00 06 00 01 E2 40
        done
        """;
    List<CaptureEvent> events = read(log.getBytes(StandardCharsets.UTF_8));
    List<Followed> all = said(events);
    assertThat(all.stream().map(Followed::service)).containsExactly("get-request", "get-response");
    assertThat(all.get(1).time()).isEqualTo("2026-11-25 10:11:12.400");
    assertThat(all.get(1).direction()).isEqualTo(Direction.FROM_METER);
    assertThat(all.get(1).accesses().get(0).target().place()).isEqualTo("1.0.1.8.0.255:3:2");
    assertThat(all.get(1).body()).contains(new DlmsData.DoubleLongUnsigned(123456));
    assertThat(problems(events)).isEmpty();
  }

  @Test
  void aLogOfBareApdusWithArrowsAndItsDamage() {
    String log =
        """
        > C001C100030100010800FF0200
        < C401C10006 0001E240
        > FF00FF
        10:11:13 <  C401C1 01 03  | an answer |
        """;
    List<CaptureEvent> events = read(log.getBytes(StandardCharsets.UTF_8));
    assertThat(said(events)).hasSize(3);
    assertThat(said(events).get(2).accesses().get(0).result().map(Object::toString))
        .contains("read or write denied");
    assertThat(problems(events)).hasSize(1).allMatch(p -> p.startsWith("line 3: "));
  }

  @Test
  void hdlcInALogWithFramesAcrossLines() {
    LinkInfo toMeter =
        new LinkInfo(LinkInfo.Kind.HDLC, LinkAddress.hdlc(16), LinkAddress.hdlc(1, 17));
    byte[] frame =
        HdlcFrames.encodeToMeter(
            toMeter, HexFormat.of().parseHex("C001C100030100010800FF0200"), 128);
    String hex = HexFormat.of().formatHex(frame);
    String log =
        "/?! goes before\n>> 2F3F210D0A\n>> " + hex.substring(0, 20) + "\n>> " + hex.substring(20);
    List<CaptureEvent> events = read(log.getBytes(StandardCharsets.UTF_8));
    assertThat(said(events)).hasSize(1);
    assertThat(said(events).get(0).message().link()).isEqualTo(toMeter);
    assertThat(events)
        .anyMatch(e -> e instanceof CaptureEvent.Note(String what) && what.contains("mode E, /?!"));
  }

  @Test
  void bareApdusOneALineNeedNoMarks() {
    String text = "C001C100030100010800FF0200\nC401C100060001E240\n";
    List<Followed> all = said(read(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(all.stream().map(Followed::direction))
        .containsExactly(Direction.TO_METER, Direction.FROM_METER);
    assertThat(all.get(1).accesses().get(0).target().place()).isEqualTo("1.0.1.8.0.255:3:2");
  }

  @Test
  void aPushAloneHasItsOldForm() {
    // data-notification, invoke id, no time, long-unsigned 5
    List<Followed> all = said(read("0F 00000001 00 12 0005".getBytes(StandardCharsets.UTF_8)));
    assertThat(all).hasSize(1);
    assertThat(all.get(0).json())
        .isEqualTo(
            "{\"link\":\"raw\",\"security\":null,\"system_title\":null,\"frame_counter\":null,"
                + "\"date_time\":null,\"values\":[{\"obis\":null,\"raw\":5,\"scaler\":null,"
                + "\"unit\":null,\"value\":\"5\"}],\"body\":{\"type\":\"long-unsigned\","
                + "\"value\":5}}");
  }

  @Test
  void withListsEachObjectHasItsOwnResult() {
    String log =
        "> C003C102" // get-request-with-list of two
            + "00030100010800FF0200"
            + "00080000010000FF0200\n"
            + "< C403C102" // get-response-with-list: a value, a refusal
            + "00060000000C"
            + "0104\n"
            + "> C101C100010000600A00FF02000A0161\n" // set-request of "a"
            + "< C501C100\n"
            + "> C301C100460000600302FF01010F00\n" // action-request, method 1, integer 0
            + "< C701C10000\n"
            + "> 6200\n"
            + "< D80102\n"; // exception: service not allowed, not supported
    List<Followed> all = said(read(log.getBytes(StandardCharsets.UTF_8)));
    assertThat(all).hasSize(8);
    assertThat(all.get(1).accesses()).hasSize(2);
    assertThat(all.get(1).accesses().get(1).result().map(Object::toString))
        .contains("object undefined");
    assertThat(all.get(3).accesses().get(0).target().name()).isEqualTo("Data.value");
    assertThat(all.get(5).accesses().get(0).target().name())
        .isEqualTo("Disconnect control.remote_disconnect()");
    assertThat(all.get(7).details().get(0).value()).contains("service not supported");
    assertThat(Optional.of(all.get(1).json()).get())
        .contains("\"objects\":[{\"obis\":\"1.0.1.8.0.255\",\"class\":3,\"attribute\":2");
  }
}
