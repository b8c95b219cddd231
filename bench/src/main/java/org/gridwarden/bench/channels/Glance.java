package org.gridwarden.bench.channels;

import java.util.List;

/** The table at the head of the report: what people ask first, a row a channel. */
final class Glance {
  private record Column(String head, Figure figure) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("bytes a message", Figure.WIRE_BYTES),
          new Column("packets", Figure.PACKETS),
          new Column("bytes to connect", Figure.SETUP_BYTES),
          new Column("stored after, half (ms)", Figure.ACKNOWLEDGED_P50),
          new Column("99 % (ms)", Figure.ACKNOWLEDGED_P99),
          new Column("order to receipt (ms)", Figure.RECEIPT_P50),
          new Column("delivered (%)", Figure.DELIVERED_PERCENT),
          new Column("of an outage (%)", Figure.OUTAGE_DELIVERED_PERCENT),
          new Column("radio, J a day (model)", Figure.DAY_ENERGY),
          new Column("messages/s at most", Figure.MESSAGES_A_SECOND));

  private Glance() {}

  /** The table, without columns that nobody has a figure for. */
  static String table(List<Result> results) {
    List<Column> columns =
        COLUMNS.stream()
            .filter(c -> results.stream().anyMatch(r -> r.get(c.figure).isPresent()))
            .toList();
    StringBuilder table = new StringBuilder("<div class='wide'><table><tr><th></th>");
    columns.forEach(c -> table.append("<th class='n'>").append(c.head).append("</th>"));
    table.append("</tr>");
    for (Result result : results) {
      table.append("<tr><td>").append(Plot.escape(result.name())).append("</td>");
      columns.forEach(c ->
          table
              .append("<td class='n'>")
              .append(result.get(c.figure).map(Plot::number).orElse("–"))
              .append("</td>"));
      table.append("</tr>");
    }
    return table.append("</table></div>").toString();
  }
}
