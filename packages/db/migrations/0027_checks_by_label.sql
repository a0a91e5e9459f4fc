-- Lists by label and by kind, and all that a team's token asks for, would otherwise look through every check.
CREATE INDEX checks_by_label ON checks USING gin ((doc->'labels') jsonb_path_ops);
CREATE INDEX checks_by_kind ON checks ((doc->>'kind'), key);
