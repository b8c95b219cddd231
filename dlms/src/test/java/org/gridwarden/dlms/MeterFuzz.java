package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.Register;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a meter against a hostile client: any APDUs in any state are answered, each within bounds,
 * and nobody operates the relay without the right. The states: nobody associated, each referencing,
 * reads and writes in blocks under way, general block transfer either way, and a client that has
 * proven itself and has its bytes ciphered for it.
 */
class MeterFuzz {
  private static final DlmsKeys KEYS = DlmsKeys.of(new byte[16], new byte[16]);
  private static final byte[] METER_TITLE = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final byte[] CLIENT_TITLE = {8, 7, 6, 5, 4, 3, 2, 1};
  private static final int MAX_APDU = 0xFFFF;
  private static final int MOST_ANSWERS = BlockTransfer.MAX_WINDOW;
  private static final int RAW_CLIENTS = 4;
  private static final int READER = 20;
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final AttributeRef VALUE = new AttributeRef(3, ENERGY, 2);
  private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
  private static final long MOST_ALLOCATED = (FUZZING ? 8 : 1) * (128L << 20);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What has happened before the hostile bytes come. */
  private enum State {
    LOGICAL_NAMES,
    SHORT_NAMES,
    GET_IN_BLOCKS,
    SET_IN_BLOCKS,
    ACTION_IN_BLOCKS,
    READ_IN_BLOCKS,
    WRITE_IN_BLOCKS,
    TRANSFER_TO_CLIENT,
    TRANSFER_TO_METER,
    CIPHERED,
    CIPHERED_SHORT_NAMES
  }

  private static final AtomicLong METER_COUNTER = new AtomicLong();
  private final AtomicLong counter = new AtomicLong();
  private static boolean warm;
  private boolean secure;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyConversation(byte[] input) throws Exception {
    warmUp();
    boolean[] operated = {false};
    int first = input.length == 0 ? 0 : input[0] & 0xFF;
    int kind = first % (RAW_CLIENTS + State.values().length);
    secure = false;
    MeterAssociation meter =
        kind < RAW_CLIENTS
            ? new MeterAssociation(device(operated), 16 + kind)
            : in(State.values()[kind - RAW_CLIENTS], operated);
    // two bytes of length before each APDU
    for (int at = 1, turns = 0; at + 2 <= input.length && turns < 200; turns++) {
      int length = (input[at] & 0xFF) << 8 | (input[at + 1] & 0xFF);
      byte[] apdu = Arrays.copyOfRange(input, at + 2, Math.min(input.length, at + 2 + length));
      ask(meter, secure && apdu.length > 0 ? ciphered(apdu) : apdu);
      at += 2 + length;
    }
    assertThat(operated[0]).isFalse();
  }

  /** Loads the classes that most conversations take: the fuzzer's changes to them allocate, too. */
  private void warmUp() throws Exception {
    if (warm) {
      return;
    }
    warm = true;
    for (State state : List.of(State.CIPHERED, State.CIPHERED_SHORT_NAMES)) {
      in(state, new boolean[1]);
    }
    MeterAssociation meter = in(State.LOGICAL_NAMES, new boolean[1]);
    meter.answer(Apdus.encode(new Service.GetNormal(0xC1, TestMeter.whole(VALUE))));
  }

  private static void ask(MeterAssociation meter, byte[] apdu) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    List<byte[]> answers = meter.answer(apdu);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    assertThat(answers.size()).isLessThanOrEqualTo(MOST_ANSWERS);
    for (byte[] answer : answers) {
      assertThat(answer.length).isBetween(1, MAX_APDU);
    }
  }

  /** Hostile bytes from one who has the key. */
  private byte[] ciphered(byte[] apdu) throws DlmsException {
    int tag = apdu[0] & 0xFF;
    return Apdus.encode(
        Ciphering.protect(
            Ciphering.tagFor(tag, false, false),
            SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
            CLIENT_TITLE,
            counter.incrementAndGet(),
            apdu,
            KEYS));
  }

  private MeterAssociation in(State state, boolean[] operated) throws Exception {
    secure = state == State.CIPHERED || state == State.CIPHERED_SHORT_NAMES;
    boolean shortNames =
        switch (state) {
          case SHORT_NAMES, READ_IN_BLOCKS, WRITE_IN_BLOCKS, CIPHERED_SHORT_NAMES -> true;
          default -> false;
        };
    MeterAssociation meter = new MeterAssociation(device(operated), secure ? 19 : READER);
    AssociationRequest request = AssociationRequest.open();
    if (secure) {
      request =
          AssociationRequest.gmac(SecurityContext.of(CLIENT_TITLE, KEYS, counter::incrementAndGet));
    }
    Association.open(
        new MemoryLink(meter::answer), shortNames ? request.withShortNames() : request);
    Service.Selected what = TestMeter.whole(VALUE);
    Service.Block block = new Service.Block(false, 1, TestMeter.longValue(40));
    switch (state) {
      case GET_IN_BLOCKS -> ask(meter, Apdus.encode(new Service.GetNormal(0xC1, what)));
      case SET_IN_BLOCKS ->
          ask(meter, Apdus.encode(new Service.SetListFirstBlock(0xC1, List.of(what, what), block)));
      case ACTION_IN_BLOCKS ->
          ask(
              meter,
              Apdus.encode(new Service.ActionFirstBlock(0xC1, new MethodRef(3, ENERGY, 1), block)));
      case READ_IN_BLOCKS ->
          ask(
              meter,
              Apdus.encode(
                  new ShortNameService.ReadRequest(
                      List.of(new ShortNameService.Variable.Name(0x0108)))));
      case WRITE_IN_BLOCKS ->
          ask(
              meter,
              Apdus.encode(
                  new ShortNameService.WriteRequest(
                      List.of(new ShortNameService.Variable.WriteBlock(false, 1)),
                      List.of(TestMeter.longValue(40)))));
      case TRANSFER_TO_CLIENT -> ask(meter, Apdus.encode(access(what)));
      case TRANSFER_TO_METER ->
          ask(
              meter,
              Apdus.encode(new BlockTransfer(false, true, 16, 1, 0, TestMeter.longValue(40))));
      default -> {}
    }
    return meter;
  }

  private static Service access(Service.Selected what) {
    return new AccessService.Request(
        AccessService.CONFIRMED,
        Optional.empty(),
        List.of(new AccessService.Specification.Get(what)),
        List.of(DlmsData.NullData.of()));
  }

  private static ClientAccess gmac(Rights rights) {
    return ClientAccess.gmac(
        () -> SecurityContext.of(METER_TITLE, KEYS, METER_COUNTER::incrementAndGet), rights);
  }

  private static LogicalDevice device(boolean[] operated) {
    return new LogicalDevice(
        METER_TITLE,
        List.of(
            new Register(ENERGY, () -> DlmsData.OctetString.of(new byte[5_000]), 0, Unit.WATT_HOUR),
            new DisconnectControl(
                ObisCode.parse("0.0.96.3.10.255"), connected -> operated[0] = true)),
        Map.of(
            16,
            ClientAccess.open(Rights.READ_ALL),
            17,
            ClientAccess.password(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, Rights.READ_ALL),
            18,
            gmac(Rights.EVERYTHING),
            19,
            gmac(Rights.READ_ALL),
            READER,
            ClientAccess.open(Rights.READ_ALL)));
  }

  static Stream<Arguments> seeds() {
    String open = "601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0";
    String password =
        "6036A1090607608574050801018A0207808B0760857405080201AC0A80080102030405060708BE10040E"
            + "01000000065F1F0400007E1F04B0";
    String longRead = "C001C100030100010800FF0200";
    String shortNames = "601DA109060760857405080102BE10040E01000000065F1F04007C1F2004B0";
    return Stream.of(
            "",
            "00" + sized(open) + sized(longRead) + sized("C002C100000001") + sized("6200"),
            "00" + sized(open) + sized("C301C10046000060030AFF0100"),
            "00" + sized(longRead) + sized(open) + sized("C002C100000005"),
            "00"
                + sized(open)
                + sized("C102C100030100010800FF02000000000001020900")
                + sized("C103C101000000020100"),
            "01" + sized(password) + sized("C003C102000F0000280000FF020000080000010000FF0200"),
            "02" + sized(open) + sized("C301C1000F0000280000FF01010900"),
            // short names: the object list, a value, a method by writing and by reading
            "00"
                + sized(shortNames)
                + sized("050102FA08")
                + sized("0501020108")
                + sized("050105" + "0001")
                + sized("0601020158010F00")
                + sized("050104015801" + "0F00")
                + sized("16010201580" + "10F00"),
            // in each state: what goes on with it, what does not, and the relay by every service
            "04" + sized(longRead) + sized("C003C1820100" + "00030100010800FF0200".repeat(256)),
            "04" + sized("C303C10246000060030AFF0100460000" + "60030AFF01020F000F00"),
            "04"
                + sized(
                    "D940000001000203004600" + "0060030AFF010300460000" + "60030AFF02020F000F00"),
            "05" + sized("0502" + "020108020108") + sized("0601070100010901FF"),
            "06" + sized("C002C100000001") + sized("C002C100000002") + sized("C002C100000009"),
            "07" + sized("C103C100000000020100") + sized("C103C101000000030100"),
            "08" + sized("C306C100000000020100") + sized("C302C100000001"),
            "09" + sized("0501050001") + sized("0501050002") + sized("0501050007"),
            "0A" + sized("06010700000201090100") + sized("06010701000301090100"),
            "0B" + sized("E0900001000100") + sized("E0900002001100") + sized("E0BF0001000000"),
            "0C" + sized("E05000020000020900") + sized("E09000030000020900"),
            "0D" + sized(longRead) + sized("C301C10046000060030AFF0100") + sized("6200"),
            "0D" + sized("D940000001000103004600" + "0060030AFF01010F00"),
            "0E" + sized("050102FA08") + sized("0601020158010F00"))
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }

  private static String sized(String apdu) {
    return "%04X".formatted(apdu.length() / 2) + apdu;
  }
}
