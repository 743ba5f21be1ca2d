import type { MergeReportEntry, PanelMember } from './results.ts';

/** What became of each member where one of them was picked: the whole of that one is used. */
export function reportPicked(members: readonly PanelMember[], picked: string): MergeReportEntry[] {
  return members.map((member) =>
    member.id === picked
      ? {
          task_id: member.id,
          disposition: 'used',
          reason: 'The panel picked it.',
          spans: [{ start: 0, end: member.output?.length ?? 0 }],
        }
      : {
          task_id: member.id,
          disposition: 'rejected',
          reason: explainRejection(member),
          spans: [],
        },
  );
}

export function explainRejection(member: PanelMember): string {
  if (member.output?.trim()) return 'Another answer of the panel was picked.';
  return member.failure ? `It did not answer: ${member.failure}` : 'It did not answer.';
}
