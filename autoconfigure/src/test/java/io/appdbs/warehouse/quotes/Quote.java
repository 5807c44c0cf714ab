package io.appdbs.warehouse.quotes;

import java.time.Instant;
import java.util.Map;

import io.appdbs.warehouse.Code;

import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Sequence;
import org.springframework.data.relational.core.mapping.Table;

@Table
public record Quote(@Id @Sequence("quote_sequence") Long id, Code code, Map<String, Position> positions,
		@CreatedDate Instant created) {

	public record Position(int amount) {

	}

}
