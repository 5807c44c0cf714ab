/**
 * Applications whose health is compared.
 */
@NullMarked
package io.appdbs.benchmarks.health;

import org.jspecify.annotations.NullMarked;
