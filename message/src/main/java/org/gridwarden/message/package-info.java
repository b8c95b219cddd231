/**
 * The payload of the IoT channels: what a message says, in SenML, under COSE (ADR 33); and the way
 * out that channels with connections share.
 */
@NullMarked
package org.gridwarden.message;

import org.jspecify.annotations.NullMarked;
