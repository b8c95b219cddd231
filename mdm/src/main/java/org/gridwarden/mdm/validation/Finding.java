package org.gridwarden.mdm.validation;

/**
 * What a rule found.
 *
 * @param rule which
 * @param then what follows
 * @param from the first slot that it concerns
 * @param to the slot after the last
 * @param measured what was measured, in {@link Rule#unit()}
 * @param permitted what the rule permits, in the same unit
 */
public record Finding(Rule rule, Then then, int from, int to, double measured, double permitted) {}
