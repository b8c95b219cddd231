package org.gridwarden.bench.billing;

/** The tariff that bills are measured with. */
public final class BenchTariff {
  /** Three periods by hour and kind of day, two tiers in the dear one, a fixed charge. */
  public static final String TIME_OF_USE = timeOfUse();

  private BenchTariff() {}

  private static String timeOfUse() {
    String weekday = "[" + "0,".repeat(7) + "1,".repeat(5) + "2,".repeat(8) + "1,1,0,0]";
    String weekend = "[" + "0,".repeat(23) + "0]";
    return "{\"name\":\"Time of use\",\"currency\":\"CHF\",\"energyratestructure\":"
        + "[[{\"rate\":0.18}],[{\"rate\":0.26}],[{\"rate\":0.31,\"max\":100},{\"rate\":0.34}]],"
        + "\"energyweekdayschedule\":["
        + (weekday + ",").repeat(11)
        + weekday
        + "],\"energyweekendschedule\":["
        + (weekend + ",").repeat(11)
        + weekend
        + "],\"fixedchargefirstmeter\":9.5,\"fixedchargeunits\":\"$/month\"}";
  }
}
