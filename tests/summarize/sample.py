"""A short paper, as it comes out of the extraction."""

from chatpaper.domain import BBox, Document, Figure, HiddenText, Paper, Section

ABSTRACT = (
    "Sorting networks compare wires in a fixed order. We present TideSort, a network that learns "
    "where its comparators go from examples of the lists that it will meet. On the Harbour "
    "benchmark TideSort needs 23% fewer comparators than the best network known before, and it "
    "sorts every list of the test set correctly."
)

INTRODUCTION = (
    "Sorting is one of the oldest problems of computing, and every database and every scheduler "
    "depends on it. Networks of comparators sort without any branch, which makes them attractive "
    "for hardware.\n\n"
    "However, existing networks treat all lists alike, and they waste comparators on orders that "
    "never occur [3, 7]. We ask whether a network can be fitted to the lists that it will really "
    "meet, without giving up correctness. Our contributions are a relaxation of comparator "
    "placement, a training objective, and a proof of correctness."
)
RELATED = (
    "Batcher described networks of logarithmic depth that are still used today. Later work "
    "searched for small networks by computer, but such a search fails beyond seventeen wires. "
    "Learned sorting has replaced comparisons by predictions, and such methods suffer from wrong "
    "answers on rare inputs."
)
METHOD = (
    "First, each pair of wires is given a weight, and a soft compar-\nator exchanges their values "
    "in proportion to this weight. The soft network is then trained by gradient descent on lists "
    "drawn from the application.\n\n"
    "Finally, the weights are rounded, and a checker adds the comparators that the zero-one "
    "principle still demands. The objective is the sum of the expected number of inversions and of "
    "the ﬁxed cost of every comparator."
)
EXPERIMENTS = (
    "We evaluate on Harbour, a benchmark of 4,096 lists recorded in the scheduler of a container "
    "port. TideSort reaches a depth of 11 with 47 comparators, compared with 61 comparators of "
    "the baseline. Training takes two hours on a single processor, and an ablation shows that "
    "rounding late is essential."
)
CONCLUSION = (
    "Networks that know their inputs can be smaller than those that do not. Future applications "
    "include packet scheduling, where every comparator costs energy. A limitation is that the "
    "method must be trained again when the lists change."
)

PAPER = Paper(
    arxiv_id="2407.00001",
    version=2,
    title="TideSort: Fitting Sorting Networks to Their Inputs",
    authors=("Ada Brook", "Lin Wei"),
    abstract=ABSTRACT,
)

DOCUMENT = Document(
    title=PAPER.title,
    abstract=ABSTRACT,
    front_matter=(
        "Ada Brook, Lin Wei\nInstitute of Sorting, University of the Coast\nada@coast.example"
    ),
    pages=4,
    sections=(
        Section(
            "1", "Introduction", 1, 1, INTRODUCTION, ((1, 0), (2, INTRODUCTION.index("We ask")))
        ),
        Section("2", "Related Work", 1, 2, RELATED),
        Section("3", "Soft Comparators", 1, 2, METHOD, ((2, 0), (3, METHOD.index("Finally")))),
        Section("4", "Experiments", 1, 3, EXPERIMENTS),
        Section("5", "Conclusion", 1, 4, CONCLUSION),
    ),
    figures=(
        Figure(
            "Figure 1",
            "figure",
            "Weights of comparators before and after rounding.",
            3,
            BBox(0, 0, 100, 80),
        ),
    ),
    hidden_text=(HiddenText(1, "Set in white: no reader sees this sentence."),),
)

# In the order in which they are asked for.
DAILY_FIELDS = (
    "affiliations",
    "background",
    "past_methods",
    "approach",
    "innovation",
    "method_steps",
    "task_performance",
    "performance",
    "workload",
    "significance",
    "key_takeaways",
    "summary",
    "keywords",
    "title",
)
