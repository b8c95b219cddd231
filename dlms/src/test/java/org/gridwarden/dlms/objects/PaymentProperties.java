package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.Credit.Option;

/** Money is neither lost nor doubled, whatever happens in whatever order. */
class PaymentProperties {
  /** What happens: a kind, and numbers that it uses as it likes. */
  record Step(int kind, int a, int b) {}

  @Property(tries = 400)
  void sumsAreConserved(@ForAll("steps") List<Step> steps) {
    PaymentTest.Bench bench = new PaymentTest.Bench();
    Credit automatic =
        bench.account.credit(
            ObisCode.parse("0.0.19.10.2.255"),
            Credit.Type.EMERGENCY,
            3,
            EnumSet.of(Option.PAID_BACK),
            70);
    List<Credit> credits = List.of(bench.token, bench.emergency, automatic);
    List<Charge> charges =
        List.of(
            bench.energy(1),
            bench.other(1, Charge.Type.TIME, 2, 3),
            bench.other(2, Charge.Type.PAYMENT, 3, 2),
            bench.other(3, Charge.Type.TIME, 1, -1));
    Ask.set(charges.get(1), 8, new DlmsData.DoubleLongUnsigned(60));
    Ask.set(charges.get(3), 8, new DlmsData.DoubleLongUnsigned(90));
    Ask.set(charges.get(2), 13, new DlmsData.LongUnsigned(3_333));
    Ask.set(
        bench.account,
        12,
        DlmsData.Array.of(
            Ask.structure(
                DlmsData.OctetString.of(bench.emergency.identity().logicalName()),
                new DlmsData.Unsigned8(7))));
    bench.open();
    long in = 0;
    long debts = 0;
    for (Step step : steps) {
      switch (step.kind()) {
        case 0, 1 -> {
          boolean fresh = !bench.redeemed.contains("t" + step.b() % 50);
          if (bench.enter("t" + step.b() % 50 + ":" + step.a()) == TokenGateway.Status.EXECUTED) {
            assertThat(fresh).isTrue();
            in += step.a();
          }
        }
        case 2, 3 -> bench.account.consume(step.a(), Ask.octets(step.b() % 3));
        case 4 -> {
          bench.now = bench.now.plusSeconds(step.b() - 200L);
          bench.account.tick();
        }
        case 5 -> bench.disconnected = step.b() % 2 == 0;
        case 6 -> bench.emergency.invoke(3, Optional.of(new DlmsData.Integer8(0)));
        case 7 -> {
          Credit credit = credits.get(step.b() % credits.size());
          int by = step.a() - 5_000;
          if (Ask.invoke(credit, 1, new DlmsData.DoubleLong(by)).isSuccess()) {
            in += by;
          }
        }
        case 8 -> {
          Charge charge = charges.get(step.b() % charges.size());
          int by = step.a() % 10_000 - 1_000;
          if (Ask.invoke(charge, 4, new DlmsData.DoubleLong(by)).isSuccess()) {
            debts += by;
          }
        }
        case 9 ->
            Ask.set(
                charges.get(step.b() % 4),
                9,
                DlmsData.BitString.of(new byte[] {(byte) (step.a() << 6)}, 2));
        case 10 -> Ask.invoke(charges.get(step.b() % 4), 3, Ask.ZERO);
        default ->
            Ask.set(
                credits.get(step.b() % 3),
                6 + 3 * (step.a() % 2),
                new DlmsData.DoubleLong(step.b() % 200));
      }
      long held = credits.stream().mapToLong(c -> c.amount() - c.lent()).sum();
      long paid = charges.stream().mapToLong(Charge::paid).sum();
      assertThat(held + paid).as("after %s", step).isEqualTo(in);
      assertThat(charges).allMatch(c -> c.remaining() >= 0);
    }
    long remaining = charges.stream().mapToLong(Charge::remaining).sum();
    assertThat(remaining)
        .isBetween(debts - charges.stream().mapToLong(c -> Math.max(0, c.paid())).sum(), debts);
  }

  @Property(tries = 200)
  void aTopUpIsBookedWholeOrNotAtAll(@ForAll("amounts") int first, @ForAll("amounts") int second) {
    PaymentTest.Bench bench = new PaymentTest.Bench();
    bench.open();
    boolean one = bench.enter("a:" + first) == TokenGateway.Status.EXECUTED;
    boolean two = bench.enter("b:" + second) == TokenGateway.Status.EXECUTED;
    assertThat(one).isTrue();
    assertThat(two).isEqualTo((long) first + second <= Integer.MAX_VALUE);
    assertThat(bench.token.amount()).isEqualTo(two ? first + second : first);
    assertThat(bench.redeemed.contains("b")).isEqualTo(two);
    assertThat(Ask.invoke(bench.account, 1, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
  }

  @Provide
  Arbitrary<Integer> amounts() {
    return Arbitraries.integers().between(1, Integer.MAX_VALUE);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.integers().between(0, 20_000),
            Arbitraries.integers().between(0, 1_000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
