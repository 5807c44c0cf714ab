/**
 * Bean definitions and factories of named databases, their roles as candidates for
 * injection, and the beans of the application that replace them.
 */
@NullMarked
package io.appdbs.bean;

import org.jspecify.annotations.NullMarked;
