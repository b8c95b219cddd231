package org.gridwarden.mdm.virtual;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a virtual meter measures: others' energy, each times a factor. Written {@code main - flat-1
 * - flat-2}, or {@code 1.025 * ( feeder-a + feeder-b )} where losses are added. Signs stand apart
 * from meters' names, which may have some in them. Immutable.
 *
 * @param terms each meter once, in the order in which they first occur; no factor is zero
 */
public record Formula(List<Term> terms) {
  /** The longest formula, in characters. */
  public static final int LONGEST = 16 << 10;

  private static final int MOST_TERMS = 1_000;
  private static final int DEEPEST = 8;
  private static final int MOST_DIGITS = 9;
  private static final Pattern TOKENS = Pattern.compile("[()]|[^\\s()]+");
  private static final Pattern FACTOR = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  /**
   * A meter and what its values are multiplied by.
   *
   * @param factor exact; below zero where it is taken off
   */
  public record Term(BigDecimal factor, String meter) {}

  public Formula {
    terms = List.copyOf(terms);
  }

  /**
   * The formula that a text is.
   *
   * @throws FormulaException where it is none, with the place and the remedy
   */
  public static Formula parse(String text) throws FormulaException {
    if (text.length() > LONGEST) {
      throw new FormulaException("a formula has at most " + LONGEST + " characters");
    }
    Reading reading = new Reading(TOKENS.matcher(text).results().map(r -> r.group()).toList());
    reading.sum(BigDecimal.ONE, 0);
    return reading.formula();
  }

  /** In the one way: factors before meters, no parentheses. */
  @Override
  public String toString() {
    String text =
        terms.stream()
            .map(t ->
                (t.factor().signum() < 0 ? "- " : "+ ")
                    + (t.factor().abs().compareTo(BigDecimal.ONE) == 0
                        ? ""
                        : t.factor().abs().toPlainString() + " * ")
                    + t.meter())
            .collect(Collectors.joining(" "));
    return text.startsWith("+ ") ? text.substring(2) : text;
  }

  /** One reading of a text: by descent, no deeper than is said above. */
  private static final class Reading {
    private final List<String> tokens;
    private final Map<String, BigDecimal> factors = new LinkedHashMap<>();
    private int next;

    Reading(List<String> tokens) {
      this.tokens = tokens;
    }

    Formula formula() throws FormulaException {
      if (next < tokens.size()) {
        throw wrong("a sign is expected");
      }
      List<Term> terms = new ArrayList<>();
      for (Map.Entry<String, BigDecimal> one : factors.entrySet()) {
        BigDecimal factor = one.getValue().stripTrailingZeros();
        if (factor.scale() > MOST_DIGITS || factor.precision() - factor.scale() > MOST_DIGITS) {
          throw new FormulaException(
              one.getKey()
                  + " is multiplied by "
                  + factor.toPlainString()
                  + ": at most "
                  + MOST_DIGITS
                  + " digits on each side of the point are taken");
        }
        if (factor.signum() == 0) {
          throw new FormulaException(one.getKey() + " comes to nothing in it: leave it out");
        }
        terms.add(new Term(factor.scale() < 0 ? factor.setScale(0) : factor, one.getKey()));
      }
      return new Formula(terms);
    }

    void sum(BigDecimal factor, int depth) throws FormulaException {
      BigDecimal sign = factor;
      if (peek().equals("-")) {
        next++;
        sign = factor.negate();
      }
      product(sign, depth);
      while (peek().equals("+") || peek().equals("-")) {
        sign = peek().equals("+") ? factor : factor.negate();
        next++;
        product(sign, depth);
      }
    }

    private void product(BigDecimal factor, int depth) throws FormulaException {
      BigDecimal product = factor;
      while (next + 1 < tokens.size() && tokens.get(next + 1).equals("*")) {
        if (!FACTOR.matcher(peek()).matches()) {
          throw wrong("a factor is expected, as in 1.025 * meter");
        }
        product = product.multiply(new BigDecimal(peek()));
        if (product.precision() > 60) {
          throw wrong("its factors have too many digits");
        }
        next += 2;
      }
      String token = peek();
      if (token.equals("(")) {
        if (depth == DEEPEST) {
          throw wrong("more than " + DEEPEST + " parentheses stand in each other");
        }
        next++;
        sum(product, depth + 1);
        if (!peek().equals(")")) {
          throw wrong("a sign or ) is expected");
        }
        next++;
        return;
      }
      if (token.isEmpty() || token.equals(")") || token.matches("[+*-]")) {
        throw wrong("a meter's name is expected");
      }
      if (factors.size() == MOST_TERMS && !factors.containsKey(token)) {
        throw wrong("more than " + MOST_TERMS + " meters are in it");
      }
      factors.merge(token, product, BigDecimal::add);
      next++;
    }

    private String peek() {
      return next < tokens.size() ? tokens.get(next) : "";
    }

    private FormulaException wrong(String what) {
      return new FormulaException(
          (next < tokens.size()
                  ? "at its word " + (next + 1) + ", '" + tokens.get(next) + "'"
                  : "at its end")
              + ": "
              + what);
    }
  }
}
