package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.Credit.Option;
import org.gridwarden.dlms.objects.Credit.Status;
import org.junit.jupiter.api.Test;

class PaymentTest {
  private static final DlmsData.OctetString DAY = Ask.octets(1);
  private static final DlmsData.OctetString NIGHT = Ask.octets(2);

  private final Bench bench = new Bench();
  private final Account account = bench.account;
  private final Credit token = bench.token;
  private final Credit emergency = bench.emergency;

  /** A prepayment account with a token and an emergency credit, in thousandths of a euro. */
  static final class Bench implements PaymentSupply, TokenVerifier {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean disconnected;
    boolean loadLimited;
    boolean friendly;
    final List<String> told = new ArrayList<>();
    final Set<String> redeemed = new HashSet<>();
    final Account account =
        new Account(
            ObisCode.parse("0.0.19.0.0.255"),
            Account.Mode.PREPAYMENT,
            new Account.Currency("EUR", -3, 2),
            this,
            () -> now,
            ZoneOffset.UTC);
    final Credit token =
        account.credit(
            ObisCode.parse("0.0.19.10.0.255"), Credit.Type.TOKEN, 1, EnumSet.of(Option.TOKENS), 0);
    final Credit emergency =
        account.credit(
            ObisCode.parse("0.0.19.10.1.255"),
            Credit.Type.EMERGENCY,
            2,
            EnumSet.of(Option.CONFIRMATION, Option.PAID_BACK),
            500);
    final TokenGateway gateway = account.gateway(ObisCode.parse("0.0.19.40.0.255"), this);

    @Override
    public boolean disconnected() {
      return disconnected;
    }

    @Override
    public boolean loadLimited() {
      return loadLimited;
    }

    @Override
    public boolean friendlyCredit() {
      return friendly;
    }

    @Override
    public void lowCredit(boolean low) {
      told.add(low ? "low" : "not low");
    }

    @Override
    public void credit(boolean any) {
      told.add(any ? "credit" : "no credit");
    }

    /** {@code id:amount}; {@code f}, {@code a} and {@code v} fail where they say. */
    @Override
    public Verdict verify(byte[] given) {
      String text = new String(given, StandardCharsets.US_ASCII);
      if (!text.matches("[a-z0-9]+:-?[0-9]{1,18}|[av]")) {
        return new Verdict.Refused(Stage.FORMAT);
      }
      return switch (text) {
        case "a" -> new Verdict.Refused(Stage.AUTHENTICATION);
        case "v" -> new Verdict.Refused(Stage.VALIDATION);
        default ->
            new Verdict.Genuine(
                text.substring(0, text.indexOf(':')),
                Long.parseLong(text.substring(text.indexOf(':') + 1)));
      };
    }

    @Override
    public boolean redeem(String id) {
      return redeemed.add(id);
    }

    TokenGateway.Status enter(String text) {
      return gateway.enter(text.getBytes(StandardCharsets.US_ASCII), TokenGateway.Delivery.MANUAL);
    }

    /** 0.30 a kWh by day, 0.20 by night. */
    Charge energy(int priority) {
      return account.charge(
          ObisCode.parse("0.0.19.20.0.255"),
          Charge.Type.CONSUMPTION,
          priority,
          new Charge.UnitCharge(
              3,
              -2,
              new AttributeRef(3, ObisCode.parse("1.0.1.8.0.255"), 2),
              List.of(new Charge.Price(DAY, 30), new Charge.Price(NIGHT, 20))));
    }

    /** So many cents at a time. */
    Charge other(int e, Charge.Type type, int priority, int cents) {
      return account.charge(
          ObisCode.of(0, 0, 19, 20, e, 255),
          type,
          priority,
          new Charge.UnitCharge(
              0,
              -2,
              new AttributeRef(0, new ObisCode(0), 0),
              List.of(new Charge.Price(Ask.octets(), cents))));
    }

    void open() {
      assertThat(Ask.invoke(account, 1, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    }
  }

  private static DlmsData bits(int bits, int length) {
    return DlmsData.BitString.of(new byte[] {(byte) bits}, length);
  }

  private static DlmsData amount(int value) {
    return new DlmsData.DoubleLong(value);
  }

  private static DlmsData name(InterfaceObject object) {
    return DlmsData.OctetString.of(object.identity().logicalName());
  }

  @Test
  void theAccountIsEncodedAsTheStandardSays() {
    Charge energy = bench.energy(1);
    bench.open();
    bench.enter("t1:10000");
    assertThat(Ask.get(account, 2))
        .isEqualTo(Ask.structure(new DlmsData.Enumerated(2), new DlmsData.Enumerated(2)));
    assertThat(Ask.get(account, 3)).isEqualTo(new DlmsData.Unsigned8(0));
    // in credit, the next one enabled
    assertThat(Ask.get(account, 4)).hasToString("10100000");
    assertThat(Ask.get(account, 5)).isEqualTo(amount(10_000));
    assertThat(Ask.get(account, 6)).isEqualTo(amount(0));
    assertThat(Ask.get(account, 8)).isEqualTo(amount(0));
    assertThat(Ask.list(account, 9).elements()).containsExactly(name(token), name(emergency));
    assertThat(Ask.list(account, 10).elements()).containsExactly(name(energy));
    assertThat(Ask.get(account, 13))
        .isEqualTo(DlmsData.OctetString.of(CosemDateTime.of(bench.now, ZoneOffset.UTC)));
    assertThat(Ask.get(account, 15))
        .isEqualTo(
            Ask.structure(
                new DlmsData.Utf8String("EUR"),
                new DlmsData.Integer8(-3),
                new DlmsData.Enumerated(2)));
    for (int i = 2; i <= 19; i++) {
      Ask.get(account, i);
      Ask.refused(
          account,
          i,
          new DlmsData.Float32(1),
          i <= 6 || (i >= 8 && i <= 10) || i == 15
              ? AccessResult.READ_WRITE_DENIED
              : AccessResult.TYPE_UNMATCHED);
    }
    assertThat(Ask.get(emergency, 3)).isEqualTo(new DlmsData.Enumerated(2));
    assertThat(Ask.get(emergency, 7)).hasToString("01100");
    assertThat(Ask.get(token, 7)).hasToString("00001");
    assertThat(Ask.get(emergency, 9)).isEqualTo(amount(500));
    assertThat(Ask.get(token, 11)).isInstanceOf(DlmsData.DateTime.class);
    assertThat(Ask.get(energy, 5))
        .isEqualTo(
            Ask.structure(
                Ask.structure(new DlmsData.Integer8(3), new DlmsData.Integer8(-2)),
                Ask.structure(
                    new DlmsData.LongUnsigned(3),
                    DlmsData.OctetString.of(ObisCode.parse("1.0.1.8.0.255")),
                    new DlmsData.Integer8(2)),
                DlmsData.Array.of(
                    Ask.structure(DAY, new DlmsData.Long16(30)),
                    Ask.structure(NIGHT, new DlmsData.Long16(20)))));
    for (int i = 2; i <= 13; i++) {
      Ask.get(energy, i);
    }
  }

  @Test
  void consumptionIsTakenByTariffAndPartsAreKept() {
    Charge energy = bench.energy(1);
    bench.open();
    bench.enter("t1:10000");
    account.consume(1000, DAY); // 0.300
    account.consume(1000, NIGHT); // 0.200
    assertThat(token.amount()).isEqualTo(9_500);
    for (int i = 0; i < 10; i++) {
      account.consume(1, DAY); // 0.0003 each
    }
    assertThat(token.amount()).isEqualTo(9_497);
    assertThat(energy.paid()).isEqualTo(503);
    assertThat(Ask.get(energy, 2)).isEqualTo(amount(503));
    assertThat(Ask.get(energy, 11)).isEqualTo(amount(1));
  }

  @Test
  void emergencyCreditIsSelectedUsedExhaustedAndPaidBack() {
    bench.energy(1);
    bench.open();
    assertThat(bench.told).containsExactly("low", "no credit");
    bench.enter("t1:1000");
    bench.told.clear();
    assertThat(token.status()).isEqualTo(Status.IN_USE);
    assertThat(emergency.status()).isEqualTo(Status.ENABLED);
    assertThat(Ask.invoke(emergency, 3, Ask.ZERO)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    Ask.set(emergency, 10, amount(400)); // selectable when no more than this is left

    account.consume(2_000, DAY); // 0.600
    assertThat(emergency.status()).isEqualTo(Status.SELECTABLE);
    assertThat(Ask.get(account, 4)).hasToString("10010000");
    assertThat(Ask.invoke(emergency, 3, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(emergency.status()).isEqualTo(Status.SELECTED);
    assertThat(Ask.invoke(emergency, 3, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(emergency.amount()).isEqualTo(500);
    assertThat(Ask.get(account, 4)).hasToString("10001000");
    assertThat(Ask.number(account, 5)).isEqualTo(900);

    account.consume(2_000, DAY); // 0.400 of the token, 0.200 of the loan
    assertThat(token.status()).isEqualTo(Status.EXHAUSTED);
    assertThat(emergency.status()).isEqualTo(Status.IN_USE);
    assertThat(emergency.amount()).isEqualTo(300);
    assertThat(Ask.number(account, 3)).isEqualTo(1);
    assertThat(Ask.number(account, 6)).isEqualTo(200);
    assertThat(bench.told).isEmpty();

    account.consume(1_000, DAY);
    assertThat(emergency.status()).isEqualTo(Status.EXHAUSTED);
    assertThat(bench.told).containsExactly("low", "no credit");
    assertThat(Ask.get(account, 4)).hasToString("01000010");
    assertThat(Ask.get(account, 3)).isEqualTo(new DlmsData.Unsigned8(255));

    // 500 pay the loan back, 300 are left
    bench.enter("t2:800");
    assertThat(token.amount()).isEqualTo(300);
    assertThat(emergency.amount()).isZero();
    assertThat(emergency.lent()).isZero();
    assertThat(emergency.status()).isEqualTo(Status.SELECTABLE);
    assertThat(Ask.number(account, 6)).isZero();
    assertThat(bench.told).containsExactly("low", "no credit", "not low", "credit");
  }

  @Test
  void whatTheLastCreditHasNotItOwes() {
    bench.energy(1);
    bench.open();
    bench.enter("t1:100");
    account.consume(1_000, DAY);
    assertThat(token.amount()).isEqualTo(-200);
    assertThat(Ask.number(account, 5)).isZero();
    assertThat(Ask.number(account, 6)).isEqualTo(200);
    bench.enter("t2:150");
    assertThat(account.inCredit()).isFalse();
    bench.enter("t3:100");
    assertThat(account.inCredit()).isTrue();
  }

  @Test
  void supplyComesBackOnlyAboveTheClearanceThreshold() {
    Ask.set(account, 7, amount(300));
    bench.open();
    bench.enter("t1:200");
    assertThat(bench.told).containsExactly("low", "no credit");
    bench.enter("t2:100");
    assertThat(bench.told).containsExactly("low", "no credit", "not low", "credit");
  }

  @Test
  void lowCreditIsWarnedOf() {
    bench.energy(1);
    Ask.set(account, 16, amount(100));
    Ask.set(token, 5, amount(150));
    bench.open();
    bench.enter("t1:300");
    bench.told.clear();
    account.consume(500, DAY);
    assertThat(bench.told).containsExactly("low");
    assertThat(Ask.get(account, 4)).hasToString("11100000");
    Ask.set(token, 5, amount(0));
    assertThat(bench.told).containsExactly("low", "not low");
  }

  @Test
  void chargesByTimeAreCollectedOncePerPeriodWhateverTheClockDoes() {
    Charge standing = bench.other(1, Charge.Type.TIME, 1, 10);
    Ask.set(standing, 8, new DlmsData.DoubleLongUnsigned(86_400));
    Ask.set(standing, 9, bits(0x40, 2)); // continuous
    bench.open();
    bench.enter("t1:10000");
    account.tick();
    assertThat(token.amount()).isEqualTo(10_000);
    bench.now = bench.now.plusSeconds(86_400);
    account.tick();
    account.tick();
    assertThat(token.amount()).isEqualTo(9_900);
    bench.now = bench.now.plusSeconds(3 * 86_400 + 7);
    account.tick();
    assertThat(token.amount()).isEqualTo(9_600);
    bench.now = bench.now.minusSeconds(2 * 86_400);
    account.tick();
    bench.now = bench.now.plusSeconds(2 * 86_400);
    account.tick();
    assertThat(token.amount()).isEqualTo(9_600);
    // a day without supply costs nothing, and is not made up for
    bench.disconnected = true;
    bench.now = bench.now.plusSeconds(86_400);
    account.tick();
    bench.disconnected = false;
    account.tick();
    assertThat(token.amount()).isEqualTo(9_600);
    assertThat(Ask.invoke(standing, 3, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(token.amount()).isEqualTo(9_500);
    assertThat(standing.paid()).isEqualTo(500);
  }

  @Test
  void aDebtEnds() {
    Charge debt = bench.other(1, Charge.Type.TIME, 1, 10);
    Ask.set(debt, 8, new DlmsData.DoubleLongUnsigned(60));
    assertThat(Ask.invoke(debt, 5, amount(250))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(debt, 4, amount(-20))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(debt, 4, amount(-231))).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(Ask.invoke(debt, 5, amount(-1))).isEqualTo(AttributeType.OUT_OF_RANGE);
    bench.open();
    bench.enter("t1:10000");
    assertThat(Ask.number(account, 8)).isEqualTo(230);
    bench.now = bench.now.plusSeconds(3600);
    account.tick();
    assertThat(token.amount()).isEqualTo(9_770);
    assertThat(Ask.number(debt, 12)).isZero();
    bench.now = bench.now.plusSeconds(3600);
    account.tick();
    assertThat(token.amount()).isEqualTo(9_770);
  }

  @Test
  void topUpsAreSharedWithChargesAndCredits() {
    Charge share = bench.other(1, Charge.Type.PAYMENT, 1, 0);
    Ask.set(share, 9, bits(0x80, 2)); // a percentage
    Ask.set(share, 13, new DlmsData.LongUnsigned(2_500)); // 25.00 %
    Ask.invoke(share, 5, amount(300));
    Charge fee = bench.other(2, Charge.Type.PAYMENT, 2, 5);
    Ask.set(fee, 9, bits(0x40, 2)); // continuous
    Credit saved =
        account.credit(
            ObisCode.parse("0.0.19.10.2.255"),
            Credit.Type.RESERVED,
            3,
            EnumSet.of(Option.CONFIRMATION),
            0);
    assertThat(
            Ask.set(
                account,
                12,
                DlmsData.Array.of(Ask.structure(name(saved), new DlmsData.Unsigned8(10)))))
        .isEqualTo(AccessResult.SUCCESS);
    Ask.refused(
        account,
        12,
        DlmsData.Array.of(
            Ask.structure(name(saved), new DlmsData.Unsigned8(60)),
            Ask.structure(name(token), new DlmsData.Unsigned8(41))),
        AttributeType.OUT_OF_RANGE);
    bench.open();
    bench.enter("t1:1000"); // 250 share, 50 fee, 70 saved
    assertThat(share.paid()).isEqualTo(250);
    assertThat(fee.paid()).isEqualTo(50);
    assertThat(saved.amount()).isEqualTo(70);
    assertThat(token.amount()).isEqualTo(630);
    bench.enter("t2:1000"); // 50 of the debt are left
    assertThat(share.paid()).isEqualTo(300);
    // no more than 60 in an hour to charges
    Ask.set(account, 18, new DlmsData.LongUnsigned(60));
    Ask.set(account, 19, amount(3600));
    bench.enter("t3:1000");
    bench.enter("t4:1000");
    assertThat(fee.paid()).isEqualTo(50 + 50 + 50 + 10);
    bench.now = bench.now.plusSeconds(3600);
    bench.enter("t5:1000");
    assertThat(fee.paid()).isEqualTo(210);
  }

  @Test
  void chargesAreCollectedFromTheirCreditsAndAtTheirTimes() {
    Charge energy = bench.energy(1);
    bench.open();
    bench.enter("t1:1000");
    Ask.set(emergency, 10, amount(1_000));
    Ask.invoke(emergency, 3, Ask.ZERO);
    // from the emergency credit alone, not while load is limited
    assertThat(
            Ask.set(
                account,
                11,
                DlmsData.Array.of(Ask.structure(name(emergency), name(energy), bits(0x20, 3)))))
        .isEqualTo(AccessResult.SUCCESS);
    account.consume(1_000, DAY);
    assertThat(token.amount()).isEqualTo(1_000);
    assertThat(emergency.amount()).isEqualTo(200);
    bench.loadLimited = true;
    account.consume(1_000, DAY);
    assertThat(emergency.amount()).isEqualTo(200);
    bench.loadLimited = false;
    bench.friendly = true;
    account.consume(100, DAY);
    assertThat(emergency.amount()).isEqualTo(170);
  }

  @Test
  void pricesChangeByMethodAndAtATime() {
    Charge energy = bench.energy(1);
    bench.open();
    bench.enter("t1:10000");
    assertThat(
            Ask.invoke(energy, 1, DlmsData.Array.of(Ask.structure(DAY, new DlmsData.Long16(50)))))
        .isEqualTo(AccessResult.SUCCESS);
    account.consume(1_000, DAY);
    assertThat(token.amount()).isEqualTo(9_700);
    assertThat(Ask.invoke(energy, 2, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    account.consume(1_000, DAY);
    account.consume(1_000, NIGHT);
    assertThat(token.amount()).isEqualTo(9_000);
    Ask.invoke(energy, 1, DlmsData.Array.of(Ask.structure(DAY, new DlmsData.Long16(10))));
    Ask.set(
        energy,
        7,
        DlmsData.OctetString.of(CosemDateTime.of(bench.now.plusSeconds(60), ZoneOffset.UTC)));
    account.tick();
    account.consume(1_000, DAY);
    assertThat(token.amount()).isEqualTo(8_500);
    bench.now = bench.now.plusSeconds(60);
    account.tick();
    account.consume(1_000, DAY);
    assertThat(token.amount()).isEqualTo(8_400);
  }

  @Test
  void aTokenTopsUpOnceAndOnlyAGenuineOne() {
    assertThat(bench.enter("t1:100")).isEqualTo(TokenGateway.Status.EXECUTION_FAILURE); // not open
    bench.open();
    assertThat(bench.enter("t1:100")).isEqualTo(TokenGateway.Status.EXECUTED);
    assertThat(bench.enter("t1:100")).isEqualTo(TokenGateway.Status.VALIDATION_FAILURE);
    assertThat(bench.enter("f")).isEqualTo(TokenGateway.Status.FORMAT_FAILURE);
    assertThat(bench.enter("a")).isEqualTo(TokenGateway.Status.AUTHENTICATION_FAILURE);
    assertThat(bench.enter("v")).isEqualTo(TokenGateway.Status.VALIDATION_FAILURE);
    assertThat(bench.enter("t2:0")).isEqualTo(TokenGateway.Status.EXECUTION_FAILURE);
    assertThat(bench.enter("t3:-5")).isEqualTo(TokenGateway.Status.EXECUTION_FAILURE);
    // it would not fit: not booked, not redeemed
    assertThat(bench.enter("t4:2147483647")).isEqualTo(TokenGateway.Status.EXECUTION_FAILURE);
    assertThat(bench.redeemed).containsExactly("t1");
    assertThat(token.amount()).isEqualTo(100);

    assertThat(
            Ask.invoke(
                bench.gateway,
                1,
                DlmsData.OctetString.of("t5:7".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.get(bench.gateway, 2))
        .isEqualTo(DlmsData.OctetString.of("t5:7".getBytes(StandardCharsets.US_ASCII)));
    assertThat(Ask.get(bench.gateway, 3))
        .isEqualTo(DlmsData.OctetString.of(CosemDateTime.of(bench.now, ZoneOffset.UTC)));
    assertThat(Ask.list(bench.gateway, 4).elements()).containsExactly(Ask.octets('7'));
    assertThat(Ask.get(bench.gateway, 5)).isEqualTo(new DlmsData.Enumerated(0));
    assertThat(((DlmsData.Structure) Ask.get(bench.gateway, 6)).get(0))
        .isEqualTo(new DlmsData.Enumerated(3));
    assertThat(Ask.invoke(bench.gateway, 1, Ask.octets('f'))).isEqualTo(AccessResult.OTHER_REASON);
    assertThat(Ask.invoke(bench.gateway, 1, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void theAccountsLife() {
    Charge energy = bench.energy(1);
    assertThat(Ask.invoke(account, 2, Ask.ZERO)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(Ask.invoke(account, 3, Ask.ZERO)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    account.consume(1_000, DAY);
    assertThat(energy.paid()).isZero();
    // planned
    Ask.set(
        account,
        13,
        DlmsData.OctetString.of(CosemDateTime.of(bench.now.plusSeconds(5), ZoneOffset.UTC)));
    account.tick();
    assertThat(account.status()).isEqualTo(Account.Status.NEW);
    bench.now = bench.now.plusSeconds(5);
    account.tick();
    assertThat(account.status()).isEqualTo(Account.Status.ACTIVE);
    bench.open(); // again
    bench.enter("t1:1000");
    assertThat(Ask.invoke(account, 3, Ask.ZERO)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(Ask.invoke(account, 2, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(account, 2, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(account, 1, Ask.ZERO)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    account.consume(1_000, DAY);
    assertThat(bench.enter("t2:10")).isEqualTo(TokenGateway.Status.EXECUTION_FAILURE);
    assertThat(token.amount()).isEqualTo(1_000);
    assertThat(Ask.invoke(account, 3, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(token.amount()).isZero();
    assertThat(account.status()).isEqualTo(Account.Status.NEW);
  }

  @Test
  void creditsAreAdjustedInsideTheirRange() {
    bench.open();
    assertThat(Ask.invoke(token, 1, amount(100))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(token, 1, amount(-30))).isEqualTo(AccessResult.SUCCESS);
    assertThat(token.amount()).isEqualTo(70);
    assertThat(Ask.invoke(token, 1, amount(Integer.MAX_VALUE)))
        .isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(Ask.invoke(token, 2, amount(Integer.MAX_VALUE))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(token, 2, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(token.amount()).isEqualTo(Integer.MAX_VALUE);
    assertThat(token.renew()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    Credit monthly =
        account.credit(
            ObisCode.parse("0.0.19.10.3.255"),
            Credit.Type.TIME_BASED,
            9,
            EnumSet.of(Option.RESETTABLE),
            40);
    assertThat(monthly.amount()).isZero();
    assertThat(monthly.renew()).isEqualTo(AccessResult.SUCCESS);
    assertThat(monthly.amount()).isEqualTo(40);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            account.credit(ObisCode.parse("0.0.19.10.4.255"), Credit.Type.TOKEN, 0, Set.of(), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> account.consume(-1, DAY));
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    Charge energy = bench.energy(1);
    bench.open();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        int n = i;
        threads.execute(() -> bench.enter("t" + n % 100 + ":1000"));
        threads.execute(() -> account.consume(100, DAY));
        threads.execute(() -> Ask.get(account, 5));
      }
    }
    assertThat(energy.paid()).isEqualTo(200 * 30);
    assertThat(token.amount()).isEqualTo(100 * 1000 - 200 * 30);
  }
}
