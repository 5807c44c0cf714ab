package io.appdbs.warehouse.refunds;

import java.time.Instant;
import java.util.Set;

import io.appdbs.warehouse.Code;

import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table
public record Refund(@Id Long id, Code code, int amount, Set<Line> lines, @CreatedDate Instant created) {

	public record Line(String text) {

	}

}
