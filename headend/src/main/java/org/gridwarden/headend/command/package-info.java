/**
 * A command's life: drafted, held against the policy, released by a second person where the policy
 * wants one, signed, sent, and followed to the meter's receipt.
 */
@NullMarked
package org.gridwarden.headend.command;

import org.jspecify.annotations.NullMarked;
